"""The register of processing, the page for the public and the notes for operators say what the purge applies."""

import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from core import retention
from core.retention import Retention

PARTS = ("Finalité", "Base légale", "Personnes", "Données", "Destinataires", "Conservation", "Particularités")
TREATMENTS = (
    "Dépôt, instruction et publication",
    "Comptes",
    "Courriels",
    "Journal des actes",
    "Signalements",
    "Statistiques",
    "Journaux techniques",
    "Mesures et pannes (Prometheus, Sentry)",
)


def plain(text: str) -> str:
    """Without the spaces that French does not break at."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def document(name: str) -> str:
    return plain((Path(settings.BASE_DIR) / "docs" / name).read_text())


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def test_the_register_and_the_operators_notes_hold_the_table_that_is_applied() -> None:
    register, notes = document("registre-des-traitements.md"), document("operations.md")
    periods = [tuple(map(plain, (kept.what, kept.words, kept.source))) for kept in retention.ALL]

    assert re.findall(r"\|---\|---\|---\|\n((?:\| .*\n)+)", register) == ["".join(f"{row(*p)}\n" for p in periods)]
    assert "".join(f"{row(*period[:2])}\n" for period in periods) in notes


@pytest.mark.parametrize("title", TREATMENTS)
def test_the_register_tells_of_each_treatment_what_article_30_asks_for(title: str) -> None:
    register = document("registre-des-traitements.md")
    (section,) = [part for part in register.split("\n## ") if re.match(rf"\d\. {re.escape(title)}", part)]

    assert re.findall(r"^- \*\*(.+?)\*\* : \S", section, re.MULTILINE) == list(PARTS)


def test_the_register_has_its_common_parts() -> None:
    register = document("registre-des-traitements.md")

    for part in ("Responsable du traitement", "Délégué", "Sous-traitants", "Transferts", "## Sécurité", "## Droits"):
        assert part in register
    assert len(re.findall(r"^## \d\.", register, re.MULTILINE)) == len(TREATMENTS)


@pytest.mark.django_db
@pytest.mark.parametrize("kept", retention.ALL, ids=lambda kept: kept.what)
def test_the_page_for_the_public_says_each_period(client: Client, kept: Retention) -> None:
    page = html.unescape(client.get("/donnees-personnelles/").content.decode())

    assert kept.words.casefold() in page.casefold()


@pytest.mark.django_db
def test_the_page_for_the_public_follows_the_table(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Retention(retention.REPORT.what, retention.REPORT.kept, "sept ans et sept jours", "")
    monkeypatch.setattr(retention, "REPORT", other)

    assert "Sept ans et sept jours" in client.get("/donnees-personnelles/").content.decode()


WORDS = {"un": 1, "deux": 2, "six": 6, "quatorze": 14, "trente": 30}
UNITS = {"jour": 1, "jours": 1, "mois": 30, "an": 365, "ans": 365}


@pytest.mark.parametrize("kept", [kept for kept in retention.ALL if kept not in {retention.SESSION, retention.WARNED}])
def test_the_words_of_a_period_are_its_figure(kept: Retention) -> None:
    number, unit = kept.words.split()[:2]

    assert kept.kept.days == WORDS[number] * UNITS[unit]


def test_the_warning_comes_a_month_before() -> None:
    assert (retention.ACCOUNT.kept - retention.WARNED.kept).days == 30
    assert retention.WARNED.words.startswith("un mois avant")
