"""The pages, from their templates; what comes from tables is text there, whatever characters it holds."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from hubrank.publishing.site import bundle


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("hubrank.publishing.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, **values: Any) -> bytes:  # noqa: ANN401 (what a template shows)
    """Return a page that loads its script and style from beside it."""
    policy = bundle.policy("'self'", "'self'", "'self'")
    return _rendered(template, {"policy": policy, "style": "", "script": "", "alone": False, "embed": False, **values})


def page_alone(template: str, **values: Any) -> bytes:  # noqa: ANN401 (what a template shows)
    """Return a page that holds its script and style, so that it works from disk."""
    style, script = bundle.source("site.css"), bundle.script()
    policy = bundle.policy(bundle.digest(script), bundle.digest(style), "'none'")
    beside = {"policy": policy, "style": style, "script": script, "alone": True, "embed": False}
    return _rendered(template, {**beside, **values})


def _rendered(template: str, values: dict[str, Any]) -> bytes:
    return (_templates().get_template(template).render(**values).rstrip("\n") + "\n").encode()
