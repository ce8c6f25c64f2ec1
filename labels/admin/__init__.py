"""The examiner's desk: the queue, an application, its decisions alone or in bulk, the export, the mails, the log."""

from labels.admin.accounts import UserAdmin
from labels.admin.application import ApplicationAdmin
from labels.admin.audit import AuditAdmin
from labels.admin.mail import MailAdmin
from labels.admin.organisations import OrganisationAdmin
from labels.admin.presets import PresetAdmin

__all__ = ["ApplicationAdmin", "AuditAdmin", "MailAdmin", "OrganisationAdmin", "PresetAdmin", "UserAdmin"]
