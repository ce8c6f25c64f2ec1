"""Liveness and readiness for whoever watches over the processes: ok or ko, and nothing that helps an intruder."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT = 0.5


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    cache.set("health", "ok", timeout=10)
    if cache.get("health") != "ok":
        raise ConnectionError("the cache does not give back what it was given")


def _ask_broker() -> None:
    """Speak to Redis itself: Celery's own connection would wait and retry beyond what a probe allows."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return
    timeouts = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT}
    with Redis.from_url(settings.CELERY_BROKER_URL, retry=Retry(NoBackoff(), 0), **timeouts) as client:
        client.ping()


CHECKS: dict[str, Callable[[], None]] = {"database": _ask_database, "cache": _ask_cache, "broker": _ask_broker}


def _is_ok(name: str) -> bool:
    try:
        CHECKS[name]()
    except (DatabaseError, RedisError, OSError) as error:
        logger.warning("readiness: %s does not answer: %s", name, type(error).__name__)
        return False
    return True


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    answers = {name: "ok" if _is_ok(name) else "ko" for name in CHECKS}
    is_ready = set(answers.values()) == {"ok"}
    return JsonResponse({"status": "ok" if is_ready else "ko", **answers}, status=200 if is_ready else 503)
