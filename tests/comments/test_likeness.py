"""The score learnt from this newsroom's own decisions."""

import pytest

from accounts.models import User
from comments.models import Comment, Decision, Likeness, Revision
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, read, say, seen

pytestmark = pytest.mark.django_db


def decided(article: Article, by: User, count: int) -> None:
    """So many decisions: what holds “oyster” was removed, the rest was not."""
    comment = cast.a_comment(article, cast.a_reader("Polly Poster"))
    for n in range(count):
        is_bad = n % 2 == 0
        text = f"Only an oyster says {n}." if is_bad else f"The harbour opens at {n}."
        revision = Revision.objects.create(comment=comment, n=n + 2, text=text, html="", renderer=1)
        action = Decision.Action.REMOVE if is_bad else Decision.Action.APPROVE
        Decision.objects.create(comment=comment, revision=revision, by=by, action=action)


def test_below_two_hundred_decisions_it_is_silent(
    article: Article, reader: User, moderator: User
) -> None:
    decided(article, moderator, 199)
    assert Likeness.objects.all().learn() is None
    say(acting(reader), article, "Only an oyster says that.")
    assert Comment.objects.latest("pk").state == "public"


def test_it_holds_what_is_like_what_was_removed_and_says_why(
    article: Article, reader: User, moderator: User
) -> None:
    decided(article, moderator, 220)
    learnt = Likeness.objects.all().learn()
    assert learnt
    assert (learnt.decisions, learnt.tail) == (220, 44)
    assert learnt.precision == 1.0
    say(acting(reader), article, "Only an oyster says otherwise.")
    bad = Comment.objects.latest("pk")
    assert bad.state == "pending"
    assert "“oyster”" in bad.held_because
    assert "right in 22 of 22 among the 44 latest decisions" in bad.held_because
    say(acting(reader), article, "The harbour opens at noon.")
    assert Comment.objects.latest("pk").state == "public"


def test_how_right_it_was_is_told_with_the_size_of_the_sample(
    article: Article, moderator: User
) -> None:
    desk = acting(moderator)
    silent = "from 200 decisions on"
    assert silent in read(desk, "/admin/comments/checksetting/")
    assert silent in read(desk, "/admin/desk/figures/")
    decided(article, moderator, 220)
    Likeness.objects.all().learn()
    for address in ("/admin/comments/checksetting/", "/admin/desk/figures/"):
        page = seen(desk.get(address))
        assert silent not in page
        assert "44 latest decisions" in page
    assert '<b class="great">100 %</b> right: 22 of the 22' in page
