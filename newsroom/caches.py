"""Redis as a cache is: something to do without."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

REST = 5.0  # seconds without it after a failure: not every page waits for its timeout

logger = logging.getLogger(__name__)


def without(default: Callable[..., Any], name: str) -> Callable[..., Any]:
    def ask(self: "Redis", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < Redis.rests_until:
            return default(*args, **kwargs)
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("cache_away %s", type(error).__name__)
            Redis.rests_until = time.monotonic() + REST
            return default(*args, **kwargs)

    return ask


class Redis(RedisCache):
    """While Redis is away nothing is found and nothing kept; limits are in the database."""

    rests_until = 0.0  # in this process; each thread has a cache of its own

    get = without(lambda key, default=None, version=None: default, "get")
    get_many = without(lambda *_args, **_more: {}, "get_many")
    has_key = without(lambda *_args, **_more: False, "has_key")
    set = without(lambda *_args, **_more: None, "set")
    set_many = without(lambda *_args, **_more: [], "set_many")
    add = without(lambda *_args, **_more: True, "add")
    touch = without(lambda *_args, **_more: False, "touch")
    delete = without(lambda *_args, **_more: False, "delete")
    delete_many = without(lambda *_args, **_more: None, "delete_many")
    clear = without(lambda: True, "clear")
