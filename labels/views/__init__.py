"""The organisers' pages: the desk, the application form, and what may change of a labelled event."""

from labels.views.again import redo
from labels.views.begin import new
from labels.views.changes import change, changes, drop, full
from labels.views.desk import application, desk
from labels.views.endings import cancel, withdraw
from labels.views.steps import step

__all__ = ["application", "cancel", "change", "changes", "desk", "drop", "full", "new", "redo", "step", "withdraw"]
