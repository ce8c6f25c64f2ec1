"""The examiner's desk: the queue, the page of an application, its decisions, alone or in bulk, and the export."""

from labels.admin.application import ApplicationAdmin

__all__ = ["ApplicationAdmin"]
