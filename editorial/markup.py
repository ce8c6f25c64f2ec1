"""The little Markdown that editors write: headings, lists, links, emphasis, and nothing that runs.

HTML that is typed stays text; what comes out is cleaned once more by a closed list of tags and schemes.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_RULES = ["heading", "list", "link", "autolink", "emphasis", "newline", "escape"]
_TAGS = {"h2", "h3", "h4", "p", "ul", "ol", "li", "a", "strong", "em", "br"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
# The title of the page is its only first heading.
_FIRST, _LAST = 2, 4
_reader = MarkdownIt("zero", {"breaks": True}).enable(_RULES)


def render(text: str) -> SafeString:
    tokens = _reader.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(_level(token), _FIRST), _LAST)}"
    html = _reader.renderer.render(tokens, _reader.options, {})
    cleaned = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener", strip_comments=True
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned on the line above


def headings(text: str) -> list[int]:
    """The level of each heading, as typed."""
    return [_level(token) for token in _reader.parse(text) if token.type == "heading_open"]


def _level(token: Token) -> int:
    return int(token.tag[1:])
