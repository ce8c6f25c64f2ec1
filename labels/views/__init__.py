"""The organisers' pages: the desk and the application form."""

from labels.views.again import redo
from labels.views.desk import application, cancel, desk, new, withdraw
from labels.views.steps import step

__all__ = ["application", "cancel", "desk", "new", "redo", "step", "withdraw"]
