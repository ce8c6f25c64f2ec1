"""What stands the same around page after page, written once by a process and not again for each page."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context, Template
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString

register = template.Library()

# What it is called, where it leads, and whether the pages below are of it.
_MENU = (
    ("Accueil", "pages:home", False),
    ("Événements", "events:list", True),
    ("Carte", "maps:page", False),
    ("Chiffres", "figures:page", True),
    ("Organiser un événement", "labels:new", False),
    ("Aide", "pages:help", False),
)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> SafeString:
    path = getattr(context.get("request"), "path", "")
    addresses = _addresses(*_site())
    items = tuple(
        (label, address, _standing(path, address, has_pages=has_pages))
        for (label, _, has_pages), address in zip(_MENU, addresses, strict=True)
    )
    return _written(_template(context, "components/navigation.html"), _site(), items=items)


@register.simple_tag(takes_context=True)
def footer(context: Context) -> SafeString:
    page = _template(context, "components/footer.html")
    return _written(page, _site(), STATE_BRAND=context.get("STATE_BRAND"))


def _standing(path: str, address: str, *, has_pages: bool) -> str:
    """What ``aria-current`` says of the entry that leads to ``address``, seen from ``path``."""
    if path == address:
        return "page"
    return "true" if has_pages and address in path else ""


def _site() -> tuple[str, str]:
    """All that an address is made from, beside its name."""
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


def _template(context: Context, name: str) -> Template:
    """One object as long as its file does not change."""
    # It is being written, so it has one.
    return context.template.engine.get_template(name)  # type: ignore[union-attr]


@lru_cache(maxsize=8)
def _addresses(urlconf: str, prefix: str) -> list[str]:
    return [reverse(name, urlconf) for _, name, _ in _MENU]


@lru_cache(maxsize=64)
def _written(page: Template, site: tuple[str, str], **values: Hashable) -> SafeString:
    return page.render(Context(values))
