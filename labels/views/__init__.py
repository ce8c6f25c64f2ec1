"""The organisers' pages: the desk, the application form, what may change afterwards, and what signed links open."""

from labels.views.again import redo
from labels.views.begin import new
from labels.views.changes import change, changes, drop, full
from labels.views.desk import application, desk
from labels.views.endings import cancel, withdraw
from labels.views.linked import follow, preview, reminders
from labels.views.steps import step

__all__ = [
    "application",
    "cancel",
    "change",
    "changes",
    "desk",
    "drop",
    "follow",
    "full",
    "new",
    "preview",
    "redo",
    "reminders",
    "step",
    "withdraw",
]
