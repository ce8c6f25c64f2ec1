"""The examiner's desk: the queue, an application, its decisions, the export, editions, mails, reports, the log."""

from labels.admin.accounts import UserAdmin
from labels.admin.application import ApplicationAdmin
from labels.admin.audit import AuditAdmin
from labels.admin.editions import HeldListItemAdmin, LabelledEditionAdmin
from labels.admin.mail import MailAdmin
from labels.admin.organisations import OrganisationAdmin
from labels.admin.presets import PresetAdmin
from labels.admin.reports import ReportAdmin

__all__ = [
    "ApplicationAdmin",
    "AuditAdmin",
    "HeldListItemAdmin",
    "LabelledEditionAdmin",
    "MailAdmin",
    "OrganisationAdmin",
    "PresetAdmin",
    "ReportAdmin",
    "UserAdmin",
]
