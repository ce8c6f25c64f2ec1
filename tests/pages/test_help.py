"""The help says of the four conditions what the rules and the examiners do."""

import html
import re
from decimal import Decimal

import pytest
from django.test import Client

from labels.rules import Condition, Declaration, Outcome, Window, assess
from tests import factories

pytestmark = pytest.mark.django_db

FITS, TO_EXAMINE, UNFIT = "Convient", "À préciser : un examinateur le lira", "Ne convient pas"
OPEN = ("scolaires", "grand-public")


def read(page: str, condition: Condition) -> dict[str, list[str]]:
    """The sentences quoted under each heading of a condition's section."""
    section = page.split(f'id="condition-{condition.value}"')[1].split("<h3", maxsplit=1)[0]
    found = re.findall(r"<strong>(.*?)</strong></p>\s*<ul>(.*?)</ul>", section, re.DOTALL)
    return {
        title.replace("\u00a0", " "): [html.unescape(text) for text in re.findall(r"<li>«\u00a0(.*?)\u00a0»", items)]
        for title, items in found
    }


def outcome(condition: Condition, sentence: str) -> Outcome:
    """Of a declaration of a visit that says no more of the condition than ``sentence``."""
    is_industry = condition is Condition.INDUSTRY
    declaration = Declaration(
        title="Samedi après-midi" if is_industry else "Visite de la fonderie",
        description=sentence,
        purpose="" if is_industry else "Faire découvrir les métiers de la métallurgie.",
        format="autre" if is_industry else "visite-entreprise",
        sectors=(),
        audiences=OPEN,
        price=Decimal(0),
        slots=(),
    )
    edition = factories.edition()
    verdict = assess(declaration, Window(edition.window_starts_on, edition.window_ends_on))
    return verdict.of(condition).outcome


@pytest.mark.parametrize("condition", [Condition.AUDIENCES, Condition.INDUSTRY, Condition.FREE])
def test_the_form_reads_the_examples_as_the_help_does(client: Client, condition: Condition) -> None:
    examples = read(client.get("/aide/").content.decode(), condition)

    fitting = {sentence: outcome(condition, sentence) for sentence in examples[FITS]}
    doubtful = {sentence: outcome(condition, sentence) for sentence in examples[TO_EXAMINE]}
    unfit = [sentence for sentence in examples[UNFIT] if outcome(condition, sentence) is Outcome.MET]

    assert len(fitting) > 2 and fitting == dict.fromkeys(fitting, Outcome.MET)
    assert len(doubtful) > 1 and doubtful == dict.fromkeys(doubtful, Outcome.TO_EXAMINE)
    assert unfit == []


def test_each_condition_has_its_place_in_the_help(client: Client) -> None:
    page = client.get("/aide/").content.decode()

    assert [f'id="condition-{item.value}"' in page for item in Condition] == [True] * 4


def test_help_and_guide_name_the_dates_of_the_edition_where_there_is_one(client: Client) -> None:
    without = [client.get(address).status_code for address in ("/aide/", "/aide/organisateurs/")]
    factories.edition(2026)

    assert without == [200, 200]
    assert "du 1er novembre au 7 décembre 2026" in client.get("/aide/").content.decode()
    assert "du 16 au 22 novembre 2026" in client.get("/aide/organisateurs/").content.decode()


def test_every_entry_of_a_summary_leads_to_its_place(client: Client) -> None:
    for address in ("/aide/", "/aide/organisateurs/"):
        page = client.get(address).content.decode()
        wanted = re.findall(r'fr-summary__link" href="#([\w-]+)"', page)
        assert len(wanted) > 5 and [name for name in wanted if f'id="{name}"' not in page] == []
