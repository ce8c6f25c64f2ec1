"""How pages write an event's texts and figures."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_ADDRESS = re.compile(r"(https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?)’'\]])")


@register.filter
def paragraphs(text: str) -> SafeString:
    """Paragraphs and line breaks as typed, web addresses as links that lend them no credit; e-mails stay text."""
    blocks = re.split(r"\n{2,}", text.strip())
    return format_html_join("\n", "<p>{}</p>", ((_lines(block),) for block in blocks if block))


def _lines(block: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((_linked(line),) for line in block.split("\n")))


def _linked(line: str) -> SafeString:
    pieces = _ADDRESS.split(line)
    return format_html_join("", "{}", ((_link(p) if i % 2 else p,) for i, p in enumerate(pieces)))


def _link(address: str) -> SafeString:
    return format_html('<a href="{0}" rel="nofollow noopener">{0}</a>', address)


@register.filter
def figure(number: int) -> str:
    """With a narrow no-break space between thousands, as French writes them."""
    return f"{number:,}".replace(",", "\u202f")


@register.filter
def places(capacity: int | None) -> str:
    """« 1 200 places »; nothing where there is no limit."""
    return f"{figure(capacity)} place{'s' if capacity > 1 else ''}" if capacity else ""
