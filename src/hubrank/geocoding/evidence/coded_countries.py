"""The country that a post code at the end of a text says, with the town or state beside it."""

from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.post_areas import is_code
from hubrank.geocoding.text.additions import without_addition
from hubrank.geocoding.text.address_lines import economies_at_code
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import economy_of
from hubrank.geocoding.text.stated_countries import STATES_OF


def may_have_code(part: Segment, text: str, economy: str) -> bool:
    """Say whether a country may stand behind a post code: no other one is before it or has a town of its name there."""
    towns = economies_at_code(part.key, part.post_codes)
    return economy_of(text) in ("", economy) and (not towns or economy in towns)


def economy_of_state(last: Segment) -> str:
    """Return the economy of a state in full with its post code, or "": San Marino, California 91108."""
    states = regions.named_anywhere(last.key) if last.post_codes else ()
    homes = {state.economy for state in states if any(is_code(code, state.economy) for code in last.post_codes)}
    homes.intersection_update(STATES_OF)
    return homes.pop() if len(homes) == 1 else ""


def economy_at_code(last: Segment) -> str:
    """Return the economy of the one town of a name where its post code is, or "": 59100 Roubaix; Kinston 28501.

    In the United States the number before a name is a house's.
    """
    if not last.post_codes or last.organisation:
        return ""
    homes = economies_at_code(last.key, last.post_codes)
    if not homes and (name := without_addition(last.text, slash=True)[0]):
        homes = economies_at_code(key(name), last.post_codes)
    homes = homes - {"US"} if last.behind_post_code else homes
    return next(iter(homes)) if len(homes) == 1 else ""
