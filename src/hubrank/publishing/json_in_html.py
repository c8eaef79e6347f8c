"""JSON that may stand between the script tags of a page."""

import json

_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_in_html(value: object, *, indent: int | None = None, ascii_only: bool = True) -> str:
    """Return JSON of which no character can end a script element; of the same value the same text where indented."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        value, ensure_ascii=ascii_only, indent=indent, separators=separators, sort_keys=indent is not None
    )
    return text.translate(_ESCAPES)
