"""What the settings read when the tests run. pyproject.toml loads this before anything else.

The tests run on an SQLite file, or on the PostgreSQL server that TEST_DATABASE_URL names; run as
a program, this says whether that server answers.
"""

import os
import shutil
import sys
import tempfile
from urllib.parse import urlsplit

import psycopg
import pytest

DATA = tempfile.mkdtemp(prefix="newsroom-tests-") if __name__ != "__main__" else ""

# What the shell may have set for a site, and no test may see.
OF_A_SITE = """
    ALLOWED_HOSTS APPLE_CLIENT_ID APPLE_KEY_ID APPLE_PRIVATE_KEY APPLE_TEAM_ID DATABASE_URL
    DEFAULT_FROM_EMAIL DEMO DEBUG EMAIL_URL FACEBOOK_CLIENT_ID FACEBOOK_SECRET GITHUB_CLIENT_ID
    GITHUB_SECRET GOOGLE_CLIENT_ID GOOGLE_SECRET HOST MEDIA_URL METRICS_PORT OIDC_CLIENT_ID
    OIDC_NAME OIDC_SECRET OIDC_SERVER_URL PORT PUBLIC_LOG REDIS_URL SECRET_KEY_FALLBACKS
    SECURITY_CONTACT SITE_NAME STREAMS_AN_ADDRESS STREAMS_A_PERSON TIME_ZONE TRUSTED_PROXY_COUNT
""".split()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    for name in OF_A_SITE:
        os.environ.pop(name, None)
    os.environ["SECRET_KEY"] = "of the tests alone, and of no site anywhere: 0123456789"
    os.environ["SITE_URL"] = "http://testserver"
    os.environ["DATA"] = DATA
    os.mkdir(os.path.join(DATA, "static"))
    if os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA, ignore_errors=True)


def why_not(url: str) -> str:
    """Why the PostgreSQL server there is of no use; nothing when it answers."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        server, reason = urlsplit(url), str(error).splitlines()[0]
        return f"PostgreSQL at {server.hostname}:{server.port or 5432} does not answer: {reason}"
    return ""


if __name__ == "__main__":
    sys.exit(why_not(os.environ["TEST_DATABASE_URL"]) or 0)
