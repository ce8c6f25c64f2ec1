"""What a public page asks of the database depends on the page alone: one event or thirty take as many queries.

The pages are all those that `tests/test_access.py` shows to everybody, so that a new one is counted by itself.
"""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labels.models import State
from tests import factories
from tests.scenes import Case, Scene
from tests.test_access import OPEN, PAGES

pytestmark = pytest.mark.django_db

SEARCHES = [
    f"{path}?{search}"
    for path in ("/evenements/", "/carte/", "/evenements/imprimer/", "/evenements.csv", "/carte/ids.json")
    for search in (
        "q=fonderie&region=28&format=visite-entreprise",
        "public=scolaires&groupe=12&lieu=sur-place",
        "pres=49.49,0.11&rayon=200&tri=distance",
    )
]
COMMUNES = ["76351", "69381", "97411", "14118", "97801"]


@pytest.mark.parametrize("state", [State.APPROVED, State.CANCELLED])
def test_every_public_page_takes_as_many_queries_for_one_event_as_for_thirty(state: State) -> None:
    scene = Scene(state)
    pages = {case.key: scene.address(case) for case in map(Case, PAGES) if is_public(case, state)}
    pages |= {address: address for address in SEARCHES}

    # The scene's own may be one that the home page leaves out.
    factories.event(title="Fonderie", commune=factories.commune(COMMUNES[0])).publish()

    few = {key: queries(address) for key, address in pages.items()}
    for rank in range(28):
        place = factories.commune(COMMUNES[rank % len(COMMUNES)])
        factories.event(title=f"Fonderie {rank}", commune=place).publish()
    many = {key: queries(address) for key, address in pages.items()}

    assert many == few


def is_public(case: Case, state: State) -> bool:
    return PAGES[case.key] == OPEN and case.state in {None, state}


def queries(address: str) -> int:
    """By somebody unknown, with nothing kept of what was shown before."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        response: Any = Client().get(address)
        list(response)
    assert response.status_code == 200, (address, response.status_code)
    return len(captured)
