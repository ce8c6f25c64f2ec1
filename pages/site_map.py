"""The public pages, named once: « Plan du site » shows them all, search engines are told of those worth finding."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """``name`` is that of its address."""

    label: str
    name: str
    is_indexed: bool = True
    pages: "tuple[Page, ...]" = ()


SECTIONS: dict[str, tuple[Page, ...]] = {
    "Découvrir": (
        Page("Accueil", "pages:home"),
        Page("Événements", "events:list"),
        Page("Carte", "maps:page", pages=(Page("Intégrer la carte à votre site", "maps:snippet"),)),
        Page("Chiffres", "figures:page"),
        Page("Vérifier un label", "events:label_check"),
        Page("Données ouvertes", "pages:data"),
    ),
    "Préparer": (
        Page(
            "Ressources",
            "pages:resources",
            pages=(
                Page("Espace enseignants", "editorial:teachers"),
                Page("Espace entreprises", "editorial:companies"),
                Page("Espace visiteurs", "editorial:visitors"),
            ),
        ),
        Page("Partenaires", "editorial:partners"),
        Page("Espace presse", "editorial:press"),
    ),
    "Organiser": (
        Page("Guide de l’organisateur", "pages:organisers_guide"),
        Page("Demander le label", "labels:new", is_indexed=False),
        Page("Mes demandes", "labels:desk", is_indexed=False),
        Page("Mes organismes", "labels:organisation_list", is_indexed=False),
        Page("Mes données", "pages:personal_data", is_indexed=False),
        Page("Se connecter", "account_login", is_indexed=False),
    ),
    "Aide et contact": (
        Page("Aide", "pages:help"),
        Page("Contact et correspondants régionaux", "pages:contact"),
    ),
    "Informations légales": (
        Page("Plan du site", "pages:sitemap_page"),
        Page("Accessibilité", "pages:accessibility"),
        Page("Mentions légales", "pages:legal"),
        Page("Données personnelles", "pages:privacy"),
        Page("Gestion des cookies", "pages:cookies"),
    ),
}


def all_pages() -> Iterator[Page]:
    for pages in SECTIONS.values():
        for page in pages:
            yield page
            yield from page.pages
