"""Opaque cursors for pages that go on from the last row shown, never by counting rows."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import BadRequest

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def cursor(sort: str, *keys: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, *keys]).encode()).decode().rstrip("=")


def read_cursor(raw: str, sort: str, *types: type) -> list[Any] | None:
    """The keys in a cursor made for this sort; None for an empty one. Raises BadRequest."""
    if not raw:
        return None
    try:
        made_for, *keys = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise BadRequest("unreadable cursor") from None
    fits = len(keys) == len(types) and all(
        type(key) is kind for key, kind in zip(keys, types, strict=True)
    )
    too_large = any(abs(key) >= 2**63 for key in keys if type(key) is int)
    if made_for != sort or not fits or too_large or keys[-1] < 0:  # the last key is always an id
        raise BadRequest("a cursor of another list")
    return keys


def microseconds(moment: datetime) -> int:
    """A time as a cursor carries it, exactly."""
    return (moment - EPOCH) // MICROSECOND


def moment(microseconds: int) -> datetime:
    try:
        return EPOCH + microseconds * MICROSECOND
    except OverflowError:
        raise BadRequest("a time that no calendar has") from None
