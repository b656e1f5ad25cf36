"""No page mixes languages."""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

from accounts.models import User
from comments.models import Comment, Decision, Discussion
from newsroom.models import Article
from tests import messages, pseudo
from tests.comments.acting import OWN_PAGE, say
from tests.overheard import Listening, plain
from tests.permissions.world import World, build

LANGUAGE = "ru"
OURS = ("accounts", "newsroom", "comments")
NAMES = ["The Newsroom", "testserver", "English", "CSV", "JSON", "Author", "Editor", "Moderator"]
# Where Django and a library say what nobody can translate: permissions, rows without words, tasks.
THEIRS = re.compile(
    "admin:(auth_|django_tasks|accounts_user_delete|accounts_rulesacceptance|jsi18n|socialaccount)"
)
THEIR_WORDS = {
    "a: Tasks Database Backend",
    *(f"img alt: {said}" for said in ("Search", "True", "False", "None")),
}
ASKING = [("GET", role) for role in ("visitor", "owner", "suspended", "editor", "admin")]
ASKING += [("POST", role) for role in ("owner", "admin")]  # nothing, so that forms complain

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(settings.POSTGRESQL, reason="What pages say depends on no database."),
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        with override_settings(LANGUAGES=[("en", "English"), (LANGUAGE, "Русский")]):
            pseudo.speak(LANGUAGE)
            for browser in world.browsers.values():
                browser.cookies["language"] = LANGUAGE
            yield world
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def names() -> set[str]:
    """What is called so in every language: the rows of the paper, and names of things."""
    found = set(NAMES) | {said["name_local"] for said in LANG_INFO.values() if "name_local" in said}
    found |= {user.initials for user in User.objects.all()}
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and not field.choices
        ]
        for row in model._base_manager.all():
            found |= {str(row), *(str(getattr(row, name)) for name in texts)}
    return {plain(name) for name in found}


def asked(browser: Client, method: str, address: str) -> HttpResponse:
    """The answer, and nothing of what it did."""
    with transaction.atomic():
        cookies = copy(browser.cookies)
        cache.clear()  # what allauth counts there
        response = browser.generic(method, address, headers=OWN_PAGE)
        browser.cookies = cookies
        transaction.set_rollback(True)
    return response  # type: ignore[return-value]


@dataclass
class Heard:
    pages: int
    faults: dict[str, set[str]]
    asked: set[str]  # of gettext, by us or by a library


@pytest.fixture(scope="module")
def heard(world: World) -> Heard:
    """Everything, once."""
    known, found, pages = names(), defaultdict(set), 0
    for name, address in sorted(world.addresses.items()):
        for method, role in [] if THEIRS.match(name) else ASKING:
            response = asked(world.browsers[role], method, address)
            if response.get("Content-Type", "").startswith("text/html"):
                page = Listening(known, LANGUAGE)
                page.feed(response.content.decode())
                pages += 1
                for fault in set(page.found) - THEIR_WORDS:
                    found[fault].add(f"{method} {name} as {role}: {response.status_code}")
    return Heard(pages, found, pseudo.asked(LANGUAGE))


def test_every_sentence_can_be_translated(heard: Heard) -> None:
    assert heard.faults == {}
    assert heard.pages > 500


@pytest.mark.parametrize("language", messages.languages())
def test_what_a_library_says_is_translated_by_it_or_by_us(heard: Heard, language: str) -> None:
    """What is missing here goes into `locale/borrowed.pot`."""
    ours = {message.id for message in messages.messages(messages.said())}
    ours = {said if isinstance(said, str) else said[0] for said in ours}
    theirs: set[str] = set()
    with override_settings(LOCALE_PATHS=[]):
        library: Any = trans_real.DjangoTranslation(language)
        for catalog in library._catalog._catalogs:
            keys = [key[0] if isinstance(key, tuple) else key for key in catalog]
            theirs |= {key.rpartition(CONTEXT_SEPARATOR)[2] for key in keys}
    assert heard.asked - ours - theirs == set()


def test_what_others_will_read_is_kept_in_the_papers_own(world: World) -> None:
    """Not in the language of whoever said it."""
    article = Article.objects.get(headline="Published")
    Discussion.objects.filter(pk=article.pk).update(mode=Discussion.Mode.PREMODERATED)
    browsers = world.browsers
    say(browsers["owner"], article, "And so?")
    closing = {"mode": "closed", "slow_seconds": "60"}
    done = browsers["editor"].post(f"/discussions/{article.pk}/run/", closing)
    assert done.status_code == 302
    kept = [*Comment.objects.values_list("held_because", flat=True)]
    kept += Decision.objects.values_list("facts", flat=True)
    assert "the discussion is pre-moderated" in kept
    assert [words for words in kept if "⟦" in words] == []


@pytest.mark.parametrize(
    "name", ["atom", "rss", "section-rss", "discussion-rss", "replies-rss", "decision", "sitemap"]
)
def test_programs_are_told_in_the_papers_own(world: World, name: str) -> None:
    browser = world.browsers["owner"]
    for address in (a for n, a in world.addresses.items() if n.partition("@")[0] == name):
        answer = browser.get(address, headers={"Accept": "application/json"})
        assert answer.status_code in (200, 404), address
        assert answer.status_code == 404 or "⟦" not in answer.content.decode(), address


def test_what_nobody_translated_is_overheard() -> None:
    page = Listening({"World", "Rita"}, "ru")
    page.feed(
        """<title>⟦Log in⟧ – World</title><img alt="A bridge"><p>By <bdi>Anna</bdi></p>
        <p>⟦By <b>Anna <i title="⟦here⟧">Author</i></b>⟧ · Rita <br>and <q dir="auto">all that</q>
        <p lang="en">Out <b>now</b></p><button data-done="It is done">⟦Send⟧ now</button>"""
    )
    assert page.found == [
        "img alt: A bridge",
        "p: By",
        "p: and",
        "button data-done: It is done",
        "button: now",
    ]
