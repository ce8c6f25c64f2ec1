"""The examiner's desk: the queue, the page of an application, its decisions, alone or in bulk, and the export."""

from labels.admin.application import ApplicationAdmin
from labels.admin.organisations import OrganisationAdmin

__all__ = ["ApplicationAdmin", "OrganisationAdmin"]
