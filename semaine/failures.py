"""Failures told to a Sentry server where the operator has one: where in the code, never of whom."""

from typing import Any

from core.masks import masked


def report_to(dsn: str) -> None:
    """Raises ModuleNotFoundError, with what to install, where the package is missing."""
    try:
        import sentry_sdk
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("SENTRY_DSN needs the packages of requirements/operations.txt.") from error
    sentry_sdk.init(
        dsn,
        # What was typed, and the variables of the frames, which hold it.
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=without_people,
    )


def without_people(event: Any, hint: Any = None) -> Any:
    """The event without its request, whose address may be a signed link, and with every text masked."""
    event.pop("request", None)
    event.pop("user", None)
    return _masked(event)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value
