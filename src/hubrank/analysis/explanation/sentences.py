"""An explanation in words: why a spot is in a cluster, or why in none."""

from collections.abc import Iterator

from hubrank.analysis.explanation.answer import Core, Explanation, RankingEntry


def sentences(told: Explanation) -> Iterator[str]:
    """Yield an explanation sentence by sentence."""
    if told.note:
        yield told.note
    yield from _where(told)
    if told.cluster:
        yield from _inside(told, told.cluster)
        yield from _limits_inside(told)
    else:
        yield _outside(told)
        yield from _nearest(told)
        yield _limits_outside(told)


def _listings(number: int) -> str:
    return f"{number:,} listing{'' if number == 1 else 's'}"


def _lie(number: int) -> str:
    return "lies" if number == 1 else "lie"


def _called(cluster: RankingEntry) -> str:
    return f"{cluster.name} ({cluster.economies}, rank {cluster.rank})"


def _core(core: Core) -> str:
    return f"core at {core.lat}, {core.lon} near {core.near}, {core.distance_km:.1f} km away"


def _around(told: Explanation) -> str:
    found = f"{_listings(told.density_listings)} {_lie(told.density_listings)} within {told.radius_km:g} km"
    return f"{found}, the threshold is {told.threshold_listings:,}"


def _where(told: Explanation) -> Iterator[str]:
    here = f"{_listings(told.site_listings)} {_lie(told.site_listings)}" if told.site_listings else "no listing lies"
    yield f"{told.place} is counted at {told.lat}, {told.lon}; {here} at that spot."
    if told.namesakes:
        yield f"Also called so: {'; '.join(told.namesakes)}. Add region or country to ask for one of them."


def _inside(told: Explanation, cluster: RankingEntry) -> Iterator[str]:
    yield f"It is in {_called(cluster)}: {_around(told)}."
    if told.role == "core":
        yield "That makes it a core of the cluster."
    elif told.core:
        subject = "Too few to be a core itself: it" if told.density_listings < told.threshold_listings else "It"
        yield f"{subject} belongs to the {_core(told.core)}, with {_listings(told.core.density_listings)} around it."


def _outside(told: Explanation) -> str:
    if told.density_listings >= told.threshold_listings:
        return f"It is in no cluster: {_around(told)}, but no site within the radius reaches it from where it lies."
    return f"It is in no cluster: {_around(told)}, and no core lies within {told.radius_km:g} km."


def _nearest(told: Explanation) -> Iterator[str]:
    if told.nearest is None:
        yield "There is no cluster in this edition."
        return
    yield f"The nearest cluster is {_called(told.nearest)}: its nearest site lies {told.nearest_gap_km:.1f} km away."
    if told.core and told.core.distance_km != told.nearest_gap_km:
        yield f"The nearest core is the {_core(told.core)}."
    if told.outline_of:
        yield (
            f"The outline of {told.outline_of.name} is drawn over it all the same: outlines also cover ground between "
            f"the sites of a cluster."
        )


def _threshold(told: Explanation) -> str:
    share = f" ({told.limits.threshold_ppm:,} per million)" if told.limits.threshold_ppm is not None else ""
    return f"{told.limits.threshold_listings:,} listings{share} at {told.radius_km:g} km"


def _limits_inside(told: Explanation) -> Iterator[str]:
    if told.limits.threshold_listings is not None:
        yield f"It stays in a cluster up to a threshold of {_threshold(told)}."
    if told.limits.radius_km is not None:
        yield f"At this threshold it stays in one down to a radius of {told.limits.radius_km} km (whole km were tried)."


def _limits_outside(told: Explanation) -> str:
    threshold, radius_km = told.limits.threshold_listings, told.limits.radius_km
    lower = f"a threshold of at most {_threshold(told)}" if threshold else ""
    wider = f"a radius of at least {radius_km} km at this threshold (whole km were tried)" if radius_km else ""
    if lower and wider:
        return f"It would be in one with {lower}, or with {wider}."
    if lower:
        return f"It would be in one with {lower}; no radius up to 100 km would do."
    if wider:
        return f"It would be in one with {wider}; no threshold would do, as nothing lies within {told.radius_km:g} km."
    return "No threshold at this radius, and no radius up to 100 km at this threshold, would put it into one."
