"""Pages from templates, in which text from tables is never markup."""

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
    """Return a page that loads its script and style from assets/."""
    policy = bundle.policy("'self'", "'self'")
    return _rendered(template, {"policy": policy, "style": "", "script": "", "alone": False, "embed": False, **values})


def page_alone(template: str, **values: Any) -> bytes:  # noqa: ANN401 (what a template shows)
    """Return a page with its script and style inside, so that it works from disk."""
    style, script = bundle.source("site.css"), bundle.script()
    policy = bundle.policy(bundle.digest(script.encode()), bundle.digest(style.encode()))
    assets = {"policy": policy, "style": style, "script": script, "alone": True, "embed": False}
    return _rendered(template, {**assets, **values})


def _rendered(template: str, values: dict[str, Any]) -> bytes:
    return (_templates().get_template(template).render(**values).rstrip("\n") + "\n").encode()
