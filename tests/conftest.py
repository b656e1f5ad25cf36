import os
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest

from accounts import evenly, record
from accounts.models import User
from accounts.security import remember_proof
from newsroom.models import Article, Section
from tests import cast


def pytest_configure() -> None:
    """What makes a site slow or lasting, and a test only slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    evenly.STEP = 0
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    empties_tables()
    if settings.POSTGRESQL:  # two runs on one server never meet
        connection.settings_dict["TEST"]["NAME"] = f"newsroom_test_{os.getpid()}"


def empties_tables() -> None:
    """Between two tests with real commits the tables are emptied, which the record refuses;
    migrating, which follows, seals it again."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def unsealed(self: Any, sql_list: Any) -> None:
        record.unseal(self.connection)
        flush(self, sql_list)

    operations.execute_sql_flush = unsealed  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def staff_have_their_second_factor() -> Iterator[None]:
    """`force_login` spares a test the log-in page, and its second factor too. Who logs in by the
    pages proves what the pages ask for."""

    def prove(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
        if user.is_staff and not request.path:
            factor, _created = Authenticator.objects.get_or_create(
                user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
            )
            remember_proof(request, factor)

    user_logged_in.connect(prove)
    yield
    user_logged_in.disconnect(prove)


# The cast (tests/cast.py), for a test that needs only one of each.


@pytest.fixture
def section(db: None) -> Section:
    return cast.a_section()


@pytest.fixture
def article(db: None) -> Article:
    return cast.an_article()


@pytest.fixture
def reader(db: None) -> User:
    return cast.a_reader()


@pytest.fixture
def stranger(db: None) -> User:
    return cast.a_stranger()


@pytest.fixture
def author(db: None) -> User:
    return cast.an_author()


@pytest.fixture
def moderator(db: None) -> User:
    return cast.a_moderator()


@pytest.fixture
def editor(db: None) -> User:
    return cast.an_editor()


@pytest.fixture
def admin(db: None) -> User:
    return cast.an_admin()
