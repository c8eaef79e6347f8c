"""Two organisations in one text: Cornell University and New York University (NYU) - Law School."""

import re

from hubrank.geocoding.evidence.institutions import InstitutionEvidence

_JOINT = re.compile(r"\s(?:and|&)\s|/")
_UNIT = re.compile(r"\s(?:[-–]\s|\()")  # before an organisation's unit or acronym

_LONGEST = 400  # letters of two names: of endless texts each joint would be looked up


def separate_two(text: str, register: InstitutionEvidence) -> list[str]:
    """Return the two affiliations that a text without a comma joins, each with a registered name before its unit.

    [] where it is no such text: University of Physics and Technology. The second name is no longer one of the first's.
    """
    joints = [] if "," in text or len(text) > _LONGEST else list(_JOINT.finditer(text))
    if not joints or register.is_name(text):
        return []
    for joint in joints:
        pieces = [text[: joint.start()], text[joint.end() :]]
        left, right = (_UNIT.split(piece)[0] for piece in pieces)
        if register.economies_named(left) and not right.startswith(left) and _is_name(right, register):
            return pieces
    return []


def _is_name(text: str, register: InstitutionEvidence) -> bool:
    """Say whether a text is a registered name of several words or an acronym in capitals."""
    return bool(register.economies_named(text)) or (text.isupper() and register.is_name(text))
