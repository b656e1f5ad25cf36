"""For whoever restarts processes and sends readers to them: is it alive, may it have readers?"""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked: killing it would mend nothing else."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Pages can be made, or 503: that takes the database. The cache can be done without."""
    found = {"database": answers(ask), "cache": answers(remember)}
    response = JsonResponse(
        {"ready": found["database"], **found}, status=200 if found["database"] else 503
    )
    if not found["database"]:
        response["Retry-After"] = "5"
    return response


def answers(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except Exception:  # whatever a database or a cache that is away may raise
        return False


def ask() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def remember() -> bool:
    cache.set("healthz", "yes", 5)
    return cache.get("healthz") == "yes"
