"""What the portal says of itself on its standard output: a line of JSON an event, with its request, without people.

Whatever is logged, by us or by a library, passes here: addresses of people and tokens of signed links are masked, and
each line bears the identity of the request that it was written for, which the answer bears too.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from core.masks import masked

Event = MutableMapping[str, Any]


def _without_people(logger: Any, method: str, event: Event) -> Mapping[str, Any]:
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


BEFORE: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder({"method", "route", "status", "milliseconds"}),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
AFTER: list[Processor] = [
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    structlog.processors.format_exc_info,
    _without_people,
]


def formatter(kind: str) -> dict[str, Any]:
    """The formatter of ``LOGGING``: ``json`` for machines, ``console`` for a terminal."""
    rendered = {
        "json": structlog.processors.JSONRenderer(ensure_ascii=False),
        "console": structlog.dev.ConsoleRenderer(colors=False),
    }
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": BEFORE,
        "processors": [*AFTER, rendered[kind]],
    }
