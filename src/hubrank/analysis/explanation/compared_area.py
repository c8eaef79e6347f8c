"""What an area of a study that ranks clusters has: its rank among the areas, and the clusters in it (METHOD 15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hubrank.core.edition import Edition
from hubrank.geocoding.text.normalise import key

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class ComparedArea:
    """An area with which clusters are compared.

    shares : of each metric by its label, in percent. clusters : name, rank and listings of those that have listings in
        the area, the most listings first.
    """

    code: str
    name: str
    file: str
    rank: int
    shares: Mapping[str, Decimal]
    clusters: tuple[tuple[str, int, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        clusters = [{"cluster": name, "rank": rank, "listings": listings} for name, rank, listings in self.clusters]
        shares = {label: float(share) for label, share in self.shares.items()}
        area = {"code": self.code, "name": self.name, "rank": self.rank, "share_pct": shares, "clusters": clusters}
        return {"area": area}

    def sentences(self) -> Iterator[str]:
        """Yield what the area has, sentence by sentence."""
        yield (
            f"{self.name} ({self.code}) is an area of {self.file}, and clusters are ranked; among the areas it has "
            f"rank {self.rank}."
        )
        yield f"In it lie {', '.join(f'{share:.1f} % of {label}' for label, share in self.shares.items())}."
        named = [f"{name} ({rank}) {listings:,}" for name, rank, listings in self.clusters[:MOST_NAMED]]
        more = len(self.clusters) - MOST_NAMED
        named += [f"{more} more clusters"] if more > 0 else []
        if named:
            yield f"Clusters (rank) by their listings there: {', '.join(named)}."
        else:
            yield "No cluster has a listing there."


def compared_area(edition: Edition, text: str) -> ComparedArea | None:
    """Return the one area of a name or code that has listings, where areas are not ranked in place of clusters."""
    about = edition.manifest.get("areas", {})
    if not about or about["ranked"]:
        return None
    wanted, rows = text.strip().casefold(), edition.table("areas").to_pylist()
    codes, names = ([row for row in rows if row[column].casefold() == wanted] for column in ("area_code", "area"))
    for matches in (codes, names or [row for row in rows if key(row["area"]) == key(text)]):
        if len(matches) == 1:
            (row,) = matches
            pairs = edition.table("cluster_areas").to_pylist()
            clusters = [
                (pair["cluster"], pair["cluster_rank"], pair["listings"])
                for pair in pairs
                if pair["area_code"] == row["area_code"] and pair["listings"]
            ]
            clusters.sort(key=lambda each: (-each[2], each[1]))
            shares = {edition.labels[metric]: row[f"{metric}_share_pct"] for metric in edition.metrics}
            return ComparedArea(row["area_code"], row["area"], about["file"], row["rank"], shares, tuple(clusters))
    return None
