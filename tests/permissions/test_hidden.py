"""What is hidden shows on no address to anybody who may not see it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from comments.models import Comment
from newsroom.live import publishing
from tests import cast
from tests.comments.acting import removed
from tests.permissions.world import ROLES, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.POSTGRESQL, reason="What is shown does not depend on the database; it takes long."
    ),
]

STAFF = {"author", "moderator", "editor", "admin"}
DESK = STAFF - {"author"}
# Who may come across it anywhere; in which room, each room's own tests say.
MAY_SEE = {
    "waiting": DESK | {"owner"},
    "removed": DESK | {"owner"},
    "taken back": DESK | {"owner"},
    "under it": STAFF | {"owner"},  # in a withdrawn article, which its preview shows to the staff
    "draft": STAFF,
    "scheduled": STAFF,
    "unpublished": STAFF,
    "erased": set(),
}
CANARY = re.compile(f"canary[ .-]({'|'.join(MAY_SEE)})", re.IGNORECASE)


def whole(response: Any) -> str:
    """Everything that was said: also where it leads to and what the caches are told."""
    body = response.getvalue() if response.streaming else response.content
    return f"{response.headers}\n{body.decode(errors='replace')}"


@pytest.mark.attack("A37", "A38")
@pytest.mark.parametrize("role", ROLES)
def test_no_address_shows_what_is_hidden(role: str, world: World) -> None:
    shown = set()
    for address in [*world.addresses.values(), "/search/?q=canary", "/search/?q=words+canary"]:
        with transaction.atomic():
            response = world.browsers[role].get(address)
            transaction.set_rollback(True)
        shown |= {(state.lower(), address) for state in CANARY.findall(whole(response))}
    assert [each for each in sorted(shown) if role not in MAY_SEE[each[0]]] == []


def waiting(comment: Comment) -> None:
    with publishing():
        Comment.objects.filter(pk=comment.pk).update(state=Comment.State.PENDING)
        comment.count(-1, "hold")


def taken_down(comment: Comment) -> None:
    removed(comment, cast.a_moderator("Max Moderator"))


def taken_back(comment: Comment) -> None:
    comment.withdraw()


def unpublished(comment: Comment) -> None:
    comment.article.withdraw(cast.an_editor("Emma Editor"))


HIDING: list[Callable[[Comment], None]] = [waiting, taken_down, taken_back, unpublished]


@pytest.mark.attack("A38")
@pytest.mark.parametrize("hide", HIDING, ids=lambda hide: hide.__name__)
def test_what_somebody_has_kept_is_not_confirmed(
    hide: Callable[[Comment], None], world: World
) -> None:
    """With the tag of every page on which it stood, and as whoever read it there."""
    with transaction.atomic():
        author = cast.a_reader("Cara Kept")
        article = cast.an_article("Kept", author=cast.an_author("Abe Author"))
        comment = cast.a_comment(article, author, "A kept canary sings.")
        visitor = world.browsers["visitor"]
        of_it = f"/comments/{comment.pk}/"
        asked = {*world.addresses.values(), article.get_absolute_url(), of_it}
        asked |= {f"{of_it}{page}/" for page in ("replies", "history", "reply")}
        asked |= {f"/discussions/{article.pk}/", f"/feeds/discussions/{article.pk}/rss/"}
        asked |= {author.get_absolute_url(), "/search/?q=sings+kept"}
        before = {address: visitor.get(address) for address in sorted(asked)}
        stood = {address for address, answer in before.items() if "kept canary" in whole(answer)}
        assert len(stood) > 5
        hide(comment)
        for address in sorted(stood):
            tag = before[address].headers.get("ETag", '"none"')
            answer = visitor.get(address, headers={"If-None-Match": tag})
            assert answer.status_code != 304, address
            assert "kept canary" not in whole(answer), address
        transaction.set_rollback(True)
