"""Editions and the lists of the form, as the national team keeps them; ``labels.admin`` registers them."""

from events.admin.editions import EditionAdmin
from events.admin.lists import ListItemAdmin

__all__ = ["EditionAdmin", "ListItemAdmin"]
