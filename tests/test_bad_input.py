"""Every case of hostile or broken input is run by a test on the database of this run, or stands here with why not.

What runs is what pytest collects on this database, with the cases that its parameters hold: no list kept by hand.
"""

import hashlib

import pytest

from tests import bad_input
from tests.bad_input import CASES, FILE

_NO_IMPORT = "Importing files is a subject of its own that is not built: no address takes one."
LEFT = {
    **{case.id: _NO_IMPORT for case in bad_input.cases("csv")},
    "idor-020": _NO_IMPORT,
    "date-036": "The serial numbers of a spreadsheet come with the import of files; the form’s field is a date.",
    "date-016": "A slot begins and ends on one day: an event that lasts has several.",
    "idor-022": "Nobody signs in through ProConnect yet: no address takes its answer.",
    "sink-015": "No poster is drawn: a page is printed by the browser; the kit is a subject of its own.",
}  # fmt: skip


def test_the_cases_are_those_that_were_given() -> None:
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()

    assert digest == "34392d7962a876202d14873ef91b54502569270fb414d7082125a813e1323629"
    assert len(CASES) == 237


def test_every_case_is_run_or_left_with_a_reason() -> None:
    run = bad_input.run_by()

    assert CASES.keys() - run.keys() - LEFT.keys() == set()
    assert run.keys() & LEFT.keys() == set()
    assert run.keys() | LEFT.keys() == CASES.keys()


def test_a_case_that_is_a_value_is_run_by_a_test_that_is_given_it() -> None:
    with pytest.raises(AssertionError, match="given it"):
        bad_input.runs("title-025")
    with pytest.raises(AssertionError):
        bad_input.runs("title-002")
