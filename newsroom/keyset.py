"""Opaque cursors for pages that go on from the last row shown, never by counting rows."""

import base64
import json
from typing import Any

from django.core.exceptions import BadRequest


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
