"""An application for the label, its decisions, and who may see which."""

from labels.models.applications import Application
from labels.models.history import Revision, Transition, TransitionQuerySet
from labels.models.notes import Note
from labels.models.presets import Preset
from labels.models.querysets import ApplicationQuerySet
from labels.models.states import (
    DECIDED,
    DECISIONS,
    DESK_ORDER,
    DONE,
    EDITABLE,
    LABELLED,
    PENDING,
    Action,
    Answer,
    Condition,
    State,
)

__all__ = [
    "DECIDED",
    "DECISIONS",
    "DESK_ORDER",
    "DONE",
    "EDITABLE",
    "LABELLED",
    "PENDING",
    "Action",
    "Answer",
    "Application",
    "ApplicationQuerySet",
    "Condition",
    "Note",
    "Preset",
    "Revision",
    "State",
    "Transition",
    "TransitionQuerySet",
]
