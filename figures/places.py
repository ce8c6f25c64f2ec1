"""Where an event counts: in one région, online, or without région; each once, so that the three add up to all.

« En ligne » holds what takes place online and nowhere else: an event that is hybrid counts in the région of its place.
« Sans région » holds the rest: what takes place in an overseas collectivity, which belongs to no région, and what has
no one place, such as several sites that are told at the registration.
"""

ONLINE = "en-ligne"
NO_REGION = "sans-region"
PLACELESS = {ONLINE: "En ligne", NO_REGION: "Sans région"}


def place_of(region: str | None, attendance: str) -> str:
    """The INSEE code of a région, ``ONLINE`` or ``NO_REGION``."""
    if attendance == ONLINE:
        return ONLINE
    return region or NO_REGION
