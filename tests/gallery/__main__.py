"""`make gallery`: pictures of all pages and states in var/gallery/index.html, to leaf through.

    make gallery ARGS="article 404"    only the pages with one of these words in their name
    make gallery ARGS="--brief"        two widths instead of four, and only from left to right

It makes a paper of its own, for as long as it lasts.
"""

import argparse
import logging
import os
import tempfile
from pathlib import Path
from secrets import token_urlsafe

import django
from django.conf import settings

from accounts import evenly


def main() -> None:
    parser = argparse.ArgumentParser(prog="make gallery", description="Pictures of all pages.")
    parser.add_argument("words", nargs="*", help="only pages with one of these in their name")
    parser.add_argument("--brief", action="store_true", help="two widths, left to right")
    arguments = parser.parse_args()
    walls = Path(os.environ.get("DATA") or "var").resolve() / "gallery"
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEMO": "0", "DATA": data}
        os.environ |= {
            "SECRET_KEY": token_urlsafe(50),
            "SITE_URL": "http://testserver",
            "DATABASE_URL": f"sqlite:///{data}/db",
        }
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
        os.mkdir(f"{data}/static")
        django.setup()
        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        logging.disable(logging.CRITICAL)
        evenly.STEP = 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        from tests.gallery import pictures  # only now that there are settings

        pictures.take(walls, arguments.words, brief=arguments.brief)
    print(f"{walls / 'index.html'}")


if __name__ == "__main__":
    main()
