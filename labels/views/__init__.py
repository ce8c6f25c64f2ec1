"""The organisers' pages: the desk, the application form, what may change afterwards, and what signed links open."""

from labels.views.again import redo
from labels.views.begin import new
from labels.views.changes import change, changes, drop, full
from labels.views.contact import contact
from labels.views.desk import application, desk
from labels.views.directory import establishment
from labels.views.endings import cancel, withdraw
from labels.views.invitations import invitation
from labels.views.linked import follow, preview, reminders
from labels.views.organisations import (
    add_applicant,
    cancel_invitation,
    invite,
    leave,
    organisation,
    organisation_list,
    remove_member,
    set_role,
)
from labels.views.pictures import pictures
from labels.views.proposals import agree, proposal
from labels.views.steps import step

__all__ = [
    "add_applicant",
    "agree",
    "application",
    "cancel",
    "cancel_invitation",
    "change",
    "changes",
    "contact",
    "desk",
    "drop",
    "establishment",
    "follow",
    "full",
    "invitation",
    "invite",
    "leave",
    "new",
    "organisation",
    "organisation_list",
    "pictures",
    "preview",
    "proposal",
    "redo",
    "reminders",
    "remove_member",
    "set_role",
    "step",
    "withdraw",
]
