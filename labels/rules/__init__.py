"""The four conditions of the label, as pure functions: no Django, no clock, no settings.

A machine's reading helps the organiser and the examiner, it never decides: whatever it is not
sure of is « à examiner », and every finding carries the words it rests on.
"""

from .audiences import is_open_to_target_audiences
from .dates import takes_place_in_the_window
from .free import is_free
from .industry import informs_about_industry
from .terms import TARGET_AUDIENCES, Condition, Declaration, Evidence, Finding, Outcome, Slot, Verdict, Window

__all__ = [
    "TARGET_AUDIENCES",
    "Condition",
    "Declaration",
    "Evidence",
    "Finding",
    "Outcome",
    "Slot",
    "Verdict",
    "Window",
    "assess",
    "informs_about_industry",
    "is_free",
    "is_open_to_target_audiences",
    "takes_place_in_the_window",
]


def assess(declaration: Declaration, window: Window) -> Verdict:
    """The four findings, in the order of ``Condition``; the conditions are cumulative [S24]."""
    return Verdict(
        (
            takes_place_in_the_window(declaration, window),
            is_open_to_target_audiences(declaration),
            informs_about_industry(declaration),
            is_free(declaration),
        )
    )
