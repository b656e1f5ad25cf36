import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from accounts.models import User
from newsroom.models import Article, Section
from tests import cast


def pytest_configure() -> None:
    """What makes a site slow or lasting, and a test only slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    if settings.POSTGRESQL:  # two runs on one server never meet
        connection.settings_dict["TEST"]["NAME"] = f"newsroom_test_{os.getpid()}"


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


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
