"""Failures told to a Sentry server where the operator has one: where in the code, never of whom."""

from typing import Any

from core.masks import masked

OF_EVENT = ("event_id", "timestamp", "platform", "sdk", "release", "environment", "level", "logger", "transaction")
OF_EXCEPTION = ("type", "module")
OF_FRAME = ("filename", "module", "function", "lineno", "in_app", "pre_context", "context_line", "post_context")
# Their lines come filled in: what a stranger sent as a host, the arguments of a task.
FILLED_IN = ("django.security.*", "celery.worker.consumer*")


def report_to(dsn: str) -> None:
    """Raises ModuleNotFoundError, with what to install, where the package is missing."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import ignore_logger
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("SENTRY_DSN needs the packages of requirements/operations.txt.") from error
    for name in FILLED_IN:
        ignore_logger(name)
    sentry_sdk.init(
        dsn,
        # What was typed, and the variables of the frames, which hold it.
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        # Those whom the portal asks (addresses, companies, a bucket) are told nothing of our reports.
        trace_propagation_targets=[],
        before_send=without_people,
    )


def without_people(event: Any, hint: Any = None) -> Any:
    """What may leave of the event, every text masked: its kind and where in the code, never what was met there.

    Left out are the words of an exception (« literal: 'Camille Martin' », the row that PostgreSQL refused), what
    a line of the log is filled with, and whatever a release of the client comes to add.
    """
    told = _of(event, OF_EVENT)
    if "logentry" in event:
        told["logentry"] = _of(event["logentry"], ("message",))
    if "exception" in event:
        told["exception"] = {"values": [_of_exception(raised) for raised in event["exception"]["values"]]}
    return _masked(told)


def _of_exception(raised: Any) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames", [])
    return {**_of(raised, OF_EXCEPTION), "stacktrace": {"frames": [_of(frame, OF_FRAME) for frame in frames]}}


def _of(told: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: told[name] for name in names if name in told}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value
