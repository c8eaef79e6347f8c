"""Names that nobody should have: marks of every format, and calls of `hit()` in every disguise."""

from itertools import product

MARKS = ("\u202e", "\u2066", "\u200f", "\u2028", "\u2029", "\ufeff", "\u0085", "\u00a0", "\U0001f600", "e\u0301")
MARKUP = (
    *("<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "]]>"),
    *(
        "javascript:alert(1)",
        "data:text/html,<b>",
        '"><svg onload=alert(1)>',
        "' OR '1'='1",
        '"; DROP TABLE ranking; --',
    ),
    *(
        "${jndi:ldap://a.example}",
        "{{7*7}}",
        "<%= 1 %>",
        "&lt;b&gt;",
        "&amp;#x3c;",
        "\\u003cscript\\u003e",
        "%00",
        "..\\..",
    ),
    *("_x0041_", "null"),
)
HOSTILE = [f"{text}{mark}{text}" for text, mark in product(MARKUP, MARKS)]

# Each would call hit() if a page took it for more than text.
RUNS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg/onload=hit()>",
    '<iframe srcdoc="<script>parent.hit()</script>">',
    "<a href=javascript:hit()>x</a>",
    "javascript:hit()",
    "<details open ontoggle=hit()>",
    "<body onload=hit()>",
    "<input autofocus onfocus=hit()>",
    "</title><script>hit()</script>",
    "</textarea><script>hit()</script>",
    "</style><script>hit()</script>",
    "</svg><script>hit()</script>",
    "</script><script>hit()</script>",
    "]]><script>hit()</script>",
    "--><script>hit()</script>",
    '"><script>hit()</script>',
    "'><script>hit()</script>",
    "`-hit()-`",
    "${hit()}",
    "{{hit()}}",
    "{%print(hit())%}",
    '" onmouseover="hit()" x="',
    "' onfocus='hit()' autofocus='",
    "\\u003cscript\\u003ehit()\\u003c/script\\u003e",
    "&lt;script&gt;hit()&lt;/script&gt;",
    "<math><mtext><script>hit()</script>",
)
ENDS = ("", "\u2028", "\u202e", "\u2066\ufeff", " \x07")
STRINGS = [f"{text}{end}" for text, end in product(RUNS, ENDS)]
STRINGS += [text for text in HOSTILE if {"\u2028", "\u202e", "\ufeff"} & set(text)][: 200 - len(STRINGS)]
