"""The headers of every response, and what a page may load: its own site, and inline only what a hash names."""

import re

from hubrank.publishing.site.bundle import digest

STRICT = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n?')
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_SCRIPT_SOURCE = re.compile(r"'self'|'sha256-[A-Za-z0-9+/]{43}='")
_IMAGE_SOURCE = re.compile(r"'self'|data:|blob:")


def headers(policy: str = "", *, framed: bool = False) -> list[tuple[bytes, bytes]]:
    """Return the headers that every response carries.

    policy : of a page; that of data, which loads nothing, where it is empty.
    framed : True where other sites may show the page in a frame.
    """
    framing = "*" if framed else "'none'"
    values = {
        **HEADERS,
        "Content-Security-Policy": f"{policy or _joined(STRICT)}; frame-ancestors {framing}",
        **({} if framed else {"X-Frame-Options": "DENY"}),
    }
    return [(name.lower().encode(), value.encode()) for name, value in values.items()]


def of_page(content: bytes) -> tuple[bytes, str]:
    """Take the policy out of a page, so that a header can carry it, and return both.

    Of the sources that the page names, only its own site, hashes and images made by itself are let through; it may
    fetch data from this server. A page without a policy may run no script.
    """
    match = _META.search(content)
    sources = _directives(match[1].decode("utf-8", "replace")) if match else {}
    scripts = [source for source in sources.get("script-src", []) if _SCRIPT_SOURCE.fullmatch(source)]
    images = [source for source in sources.get("img-src", []) if _IMAGE_SOURCE.fullmatch(source)]
    styles = ["'self'", *(digest(style) for style in _STYLE.findall(content))]
    allowed = {
        **STRICT,
        "script-src": " ".join(scripts) or "'none'",
        "style-src": " ".join(styles),
        "img-src": " ".join(images) or "'none'",
        "connect-src": "'self'",
    }
    return _META.sub(b"", content, count=1), _joined(allowed)


def _directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.replace("&#39;", "'").split(";"))
    return {name: sources for name, *sources in filter(None, parts)}


def _joined(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())
