"""How often texts name an organisation, as evidence: by the signs of prominence that its record has.

Of organisations that affiliations name, five in six have three signs of four and more, of those registered one in
seven. Fewer signs say nothing: lists of companies name those, too.
"""

from hubrank.geocoding.gazetteer.organisations import ACRONYM

_PROMINENT = 3  # signs, of four


def prominence_notes(prominence: int, kind: int, rarity: str, *, alone: bool) -> list[str]:
    """Return what the prominence of an organisation says for its being meant by its name where no country is stated.

    kind : of the name; rarity : of its words; alone : whether no organisation elsewhere has the name.
    """
    if prominence < _PROMINENT:
        return []
    notes = [f"{rarity} words", *(["acronym"] if kind == ACRONYM else ()), *(() if alone else ["among others"])]
    return [f"institution: {note}, no country, prominence {prominence}" for note in notes]
