"""How pages write the texts of the DGE's team."""

from django import template
from django.utils.safestring import SafeString

from editorial.markup import render

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """Markdown as HTML that is safe to show."""
    return render(text)
