"""An explanation in words: why a spot is in a cluster, or why in none."""

from collections.abc import Iterator
from decimal import Decimal

from hubrank.analysis.explanation.answer import Core, Explanation, RankingEntry
from hubrank.analysis.explanation.compared_area import ComparedArea
from hubrank.analysis.explanation.organisations import Organisation
from hubrank.analysis.explanation.ranked_area import RankedArea
from hubrank.analysis.explanation.unranked_area import UnrankedArea
from hubrank.core.units import counted, counts_for_reading


def sentences(answer: Explanation | Organisation | RankedArea | UnrankedArea | ComparedArea) -> Iterator[str]:
    """Yield an explanation sentence by sentence."""
    if isinstance(answer, RankedArea | UnrankedArea):
        yield from answer.sentences()
        yield from sentences(answer.place) if answer.place else ()
        return
    if isinstance(answer, Organisation | ComparedArea):
        yield from answer.sentences()
        return
    if answer.note:
        yield answer.note
    yield from _where(answer)
    if answer.ranks_areas:
        yield _area(answer)
        yield from _parts(answer)
    elif answer.cluster:
        yield from _inside(answer, answer.cluster)
        yield from _parts(answer)
        yield from _limits_inside(answer)
    else:
        yield _outside(answer)
        yield from _nearest(answer)
        yield _limits_outside(answer)


def _lie(number: int) -> str:
    return "lies" if number == 1 else "lie"


def _cluster_name(cluster: RankingEntry) -> str:
    return f"{cluster.name} ({cluster.economies}, rank {cluster.rank})"


def _core(core: Core) -> str:
    return f"core at {core.lat}, {core.lon} near {core.near}, {core.distance_km:.1f} km away"


def _around(answer: Explanation) -> str:
    around = (
        f"{counted(answer.density_listings, 'listing')} {_lie(answer.density_listings)} within {answer.radius_km:g} km"
    )
    return f"{around}, the threshold is {answer.threshold_listings:,}"


def _where(answer: Explanation) -> Iterator[str]:
    listings = (
        f"{counted(answer.site_listings, 'listing')} {_lie(answer.site_listings)}"
        if answer.site_listings
        else "no listing lies"
    )
    if answer.query:
        yield f'"{answer.query}" is taken for {answer.place}: no organisation in a cluster is called so.'
    yield f"{answer.place} is counted at {answer.lat}, {answer.lon}; {listings} at that position."
    if answer.namesakes:
        yield (
            f"Other places of this name: {'; '.join(answer.namesakes)}. "
            f'For another of them ask for "{answer.namesakes[0]}", for example.'
        )


def _inside(answer: Explanation, cluster: RankingEntry) -> Iterator[str]:
    yield f"It is in {_cluster_name(cluster)}: {_around(answer)}."
    if answer.role == "core":
        yield "That makes it a core of the cluster."
    elif answer.core:
        subject = "Too few to be a core itself: it" if answer.density_listings < answer.threshold_listings else "It"
        core = answer.core
        yield f"{subject} belongs to the {_core(core)}, with {counted(core.density_listings, 'listing')} around it."


def _parts(answer: Explanation) -> Iterator[str]:
    """Say how much of the cluster was located at the place."""
    of = "area" if answer.ranks_areas else "cluster"
    parts = [
        f"{counts_for_reading([part.count])[0]} {part.label} ({counted(part.listings, 'listing')}"
        f"{_share(part.share_pct, of)})"
        for part in answer.parts
    ]
    if parts:
        yield f"Located in {answer.place} itself: {', '.join(parts)}."


def _share(share_pct: Decimal | None, of: str) -> str:
    return "" if share_pct is None else f", {share_pct:.1f} % of the {of}'s"


def _area(answer: Explanation) -> str:
    if answer.cluster is None:
        return "It is in no area of the study that has a listing: what lies in none is not ranked."
    return f"It is in the area {_cluster_name(answer.cluster)}, whose shape holds it."


def _outside(answer: Explanation) -> str:
    if answer.density_listings >= answer.threshold_listings:
        return f"It is in no cluster: {_around(answer)}, but no site within the radius reaches the threshold itself."
    return f"It is in no cluster: {_around(answer)}, and no core lies within {answer.radius_km:g} km."


def _nearest(answer: Explanation) -> Iterator[str]:
    if answer.nearest is None:
        yield "There is no cluster in this edition."
        return
    gap = f"{answer.nearest_gap_km:.1f} km"
    yield f"The nearest cluster is {_cluster_name(answer.nearest)}: its nearest site lies {gap} away."
    if answer.core and answer.core.distance_km != answer.nearest_gap_km:
        yield f"The nearest core is the {_core(answer.core)}."


def _threshold(answer: Explanation, listings: int) -> str:
    share = f" ({answer.limits.threshold_ppm:,} per million)" if answer.limits.threshold_ppm is not None else ""
    return f"{counted(listings, 'listing')}{share} at {answer.radius_km:g} km"


def _limits_inside(answer: Explanation) -> Iterator[str]:
    if answer.limits.threshold_listings is not None:
        yield f"It stays in a cluster up to a threshold of {_threshold(answer, answer.limits.threshold_listings)}."
    if answer.limits.radius_km is not None:
        radius = f"a radius of {answer.limits.radius_km} km (whole km were tried)"
        yield f"At this threshold it stays in one down to {radius}."


def _limits_outside(answer: Explanation) -> str:
    threshold, radius_km = answer.limits.threshold_listings, answer.limits.radius_km
    lower = f"a threshold of at most {_threshold(answer, threshold)}" if threshold else ""
    wider = f"a radius of at least {radius_km} km at this threshold (whole km were tried)" if radius_km else ""
    if lower and wider:
        return f"It would be in a cluster with {lower}, or with {wider}."
    if lower:
        return f"It would be in a cluster with {lower}; no radius up to 100 km would suffice."
    if wider:
        none = f"no threshold would suffice, as no listing lies within {answer.radius_km:g} km"
        return f"It would be in a cluster with {wider}; {none}."
    return "No threshold at this radius, and no radius up to 100 km at this threshold, would place it in a cluster."
