"""The world is built once for each file; what a test did in it is taken back."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.permissions.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    logging.disable(logging.CRITICAL)  # thousands of refusals
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
