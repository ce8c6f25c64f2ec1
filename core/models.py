"""Where Django finds the outbox's table."""

from core.outbox import Mail

__all__ = ["Mail"]
