"""A page asks little enough to be answered in one go: seven questions at most, counted as people see them."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from labels.forms import STEPS
from tests import factories
from tests.labels import answers
from tests.labels.answers import address

pytestmark = pytest.mark.django_db

MOST = 7
# Each of these is one question, with all that stands in it.
MARKS = {"data-question", "data-slots", "data-pin"}
CLASSES = {"fr-input-group", "fr-select-group", "fr-fieldset", "fr-checkbox-group", "fr-upload-group"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Counter(HTMLParser):
    """Counts the outermost questions of the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self._depth = 0
        self._form = self._question = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        self._depth += 1
        given = dict(attrs)
        if tag == "form" and "data-form" in given:
            self._form = self._depth
        is_question = given.keys() & MARKS or set((given.get("class") or "").split()) & CLASSES
        if self._form and not self._question and is_question:
            self._question = self._depth
            self.count += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._depth == self._question:
            self._question = 0
        if self._depth == self._form:
            self._form = 0
        self._depth -= 1


def questions(page: str) -> int:
    counter = Counter()
    counter.feed(page)
    return counter.count


@pytest.mark.parametrize("step", [step.slug for step in STEPS])
def test_a_page_asks_seven_questions_at_most(client: Client, step: str) -> None:
    user = factories.organiser()
    factories.organisation(member=user)
    factories.organisation(member=user)
    draft = answers.begun(client, user)

    assert 1 < questions(client.get(address(draft, f"{step}/")).content.decode()) <= MOST


def test_a_question_is_counted_with_what_depends_on_it(client: Client) -> None:
    draft = answers.begun(client, factories.organiser())

    # Audiences with levels and groups; age; price; registration with its contact; accessibility with its details.
    assert questions(client.get(address(draft, "publics/")).content.decode()) == 5
