"""How pages write an event's texts and figures."""

import re
from typing import TYPE_CHECKING

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from events.facets import Choice

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


@register.filter
def away(kilometres: float) -> str:
    """« à moins d’un kilomètre », « à 12 km »."""
    return "à moins d’un kilomètre" if kilometres < 1 else f"à {figure(round(kilometres))}\N{NO-BREAK SPACE}km"


_BOX = (
    '<div class="fr-checkbox-group fr-checkbox-group--sm">'
    '<input type="checkbox" name="{name}" id="{id}_{rank}" value="{value}"{checked}>'
    '<label class="fr-label" for="{id}_{rank}">{label} <span class="filters__count{none}">{count}</span></label></div>'
)


@register.simple_tag
def boxes(field: BoundField, choices: "list[Choice]") -> SafeString:
    """A box to tick for each choice: a form has 170, which a template would draw in as much time as all the rest."""
    drawn = (
        _BOX.format(
            name=field.html_name,
            id=field.auto_id,
            rank=rank,
            value=escape(choice.value),
            checked=" checked" if choice.is_taken else "",
            label=escape(choice.label),
            count=figure(choice.count),
            none="" if choice.count else " filters__count--none",
        )
        for rank, choice in enumerate(choices)
    )
    return mark_safe("".join(drawn))  # noqa: S308 - texts are escaped one by one, the rest is ours
