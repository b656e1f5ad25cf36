"""What is stored as a number is what the rows say, whatever was done in whatever order."""

import random
from collections.abc import Callable
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from comments.counters import drifts
from comments.models import Comment, Decision, Discussion, Recommendation
from comments.models.comment import Stale
from comments.models.decision import Decided
from newsroom.models import Article
from tests import cast
from tests.comments.acting import a_clause, acting, do, read

pytestmark = pytest.mark.django_db


def check(*options: str) -> str:
    said = StringIO()
    call_command("check_invariants", *options, stdout=said)
    return said.getvalue().strip()


def test_all_is_right_in_an_empty_house() -> None:
    assert check() == "All counts are right."


def test_every_drift_is_named_and_mended(article: Article, reader: User, stranger: User) -> None:
    root = cast.a_comment(article, reader)
    cast.a_comment(article, stranger, "An answer.", root)
    do(acting(stranger), root, "recommend")
    Discussion.objects.update(comment_count=7)
    Comment.objects.filter(pk=root.pk).update(replies=8, recommends=9)
    said = StringIO()
    with pytest.raises(CommandError, match="3 counts are wrong"):
        call_command("check_invariants", stdout=said)
    assert said.getvalue().splitlines() == [
        f"discussion {article.pk}: comment_count is 7, rows say 2",
        f"comment {root.pk}: replies is 8, rows say 1",
        f"comment {root.pk}: recommends is 9, rows say 1",
    ]
    assert check("--mend").endswith("3 counts mended.")
    assert check() == "All counts are right."


def test_a_mended_count_is_seen_at_once(article: Article, reader: User) -> None:
    comment = cast.a_comment(article, reader)
    Comment.objects.update(recommends=9)
    Discussion.objects.update(version=5)
    assert "▲ 9" in read(acting(), article.get_absolute_url())
    check("--mend")
    assert "▲ 0" in read(acting(), article.get_absolute_url())
    assert f'id="c{comment.pk}"' in read(acting(), article.get_absolute_url())


class Walk:
    """Two articles, four readers and a moderator, who do whatever comes to their minds."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.articles = [cast.an_article("One"), cast.an_article("Two")]
        self.readers = [cast.a_reader(f"Reader {name}") for name in "Abel Bea Cora Dan".split()]
        self.moderator = cast.a_moderator()

    def reader(self) -> User:
        return self.chance.choice(self.readers)

    def comment(self) -> Comment:
        return self.chance.choice(list(Comment.objects.whole()))

    def post(self) -> None:
        held = self.chance.choice(["", "", "", "a link"])
        cast.a_comment(self.chance.choice(self.articles), self.reader(), held_because=held)

    def reply(self) -> None:
        to = self.comment()
        cast.a_comment(to.article, self.reader(), "An answer.", to)

    def edit(self) -> None:
        comment, held = self.comment(), self.chance.choice(["", "a link"])
        comment.edit("Another word.", comment.current.n, held)

    def withdraw(self) -> None:
        self.comment().withdraw()

    def recommend(self) -> None:
        Recommendation.objects.add(self.reader(), self.comment())

    def take_back(self) -> None:
        Recommendation.objects.take_back(self.reader(), self.comment())

    def approve(self) -> None:
        comment = self.comment()
        Decision.objects.all().approve(comment, self.moderator, comment.current.n)

    def remove(self) -> None:
        comment, decisions = self.comment(), Decision.objects.all()
        decisions.remove(comment, self.moderator, comment.current.n, a_clause(), "No.")

    def restore(self) -> None:
        Decision.objects.all().restore(self.comment(), self.moderator)

    def step(self) -> None:
        deeds: list[Callable[[], None]] = [self.post]
        if Comment.objects.exists():
            deeds += [self.post, self.reply, self.reply, self.edit, self.withdraw, self.recommend]
            deeds += [self.recommend, self.take_back, self.approve, self.remove, self.restore]
        with suppress(Decided, Stale):
            self.chance.choice(deeds)()


def test_nothing_drifts_on_a_long_walk() -> None:
    walk = Walk(seed=2006)
    for step in range(200):
        walk.step()
        if step % 20 == 19:
            assert list(drifts()) == []
    assert Comment.objects.filter(is_public=False).exists()
    assert Comment.objects.filter(replies__gt=0).exists()


def test_no_count_remembers_what_was_removed_last(article: Article, reader: User) -> None:
    first, last = cast.a_comment(article, reader), cast.a_comment(article, reader)
    last.withdraw()
    assert Discussion.objects.get().last_comment_at == first.created_at
    first.withdraw()
    assert Discussion.objects.get().last_comment_at is None
