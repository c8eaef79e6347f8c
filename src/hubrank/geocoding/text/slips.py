"""Typing errors that leave no choice: a letter left out, typed twice, or swapped with the next one."""


def is_slip(written: str, name: str) -> bool:
    """Say whether a name was written with a letter left out, one typed twice, or two neighbours swapped.

    A letter that is put in, or for another, is one of 26, so that the error that made this text of a name is so much
    rarer: Nannjing is Nanjing with a letter twice, and Nanning only with a j.
    """
    longer = len(written) - len(name)
    if abs(longer) > 1:
        return False
    at = next((n for n, (one, other) in enumerate(zip(written, name, strict=False)) if one != other), None)
    if at is None:
        return longer == -1 or (longer == 1 and written[-2:-1] == written[-1:])
    if longer == -1:
        return written[at:] == name[at + 1 :]
    if longer == 1:
        return written[at] == written[at - 1 : at] and written[at + 1 :] == name[at:]
    swapped = name[at + 1 : at + 2] + name[at]
    return longer == 0 and written[at : at + 2] == swapped and written[at + 2 :] == name[at + 2 :]
