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
    """Pages can be made: 503 with what is missing, else 200."""
    found = {name: answers(look) for name, look in {"database": ask, "cache": remember}.items()}
    every = all(found.values())
    response = JsonResponse({"ready": every, **found}, status=200 if every else 503)
    if not every:
        response["Retry-After"] = "5"
    return response


def answers(look: Callable[[], object]) -> bool:
    try:
        look()
    except Exception:  # whatever a database or a cache that is away may raise
        return False
    return True


def ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def remember() -> None:
    cache.set("healthz", True, 5)
