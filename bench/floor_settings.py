"""The site's own settings, with the floor among its addresses."""

from newsroom.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floor"
