"""The author among the readers: here until a time, and what waits for an answer."""

from typing import Any

import pytest

from accounts.models import User
from comments.asking import unanswered
from comments.models import Comment, Discussion
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, later, read, removed
from tests.comments.test_reading import queries, ten_and_a_thousand

pytestmark = pytest.mark.django_db

HERE = "The author is here until"


@pytest.fixture
def article(author: User) -> Article:
    return cast.an_article(author=author)


def stay(person: User | None, article: Article, minutes: str) -> Any:
    return acting(person).post(f"/discussions/{article.pk}/questions/", {"minutes": minutes})


def asked(article: Article) -> list[str]:
    return [comment.current.text for comment in unanswered(Discussion.objects.of(article))]


def test_readers_see_until_when_the_author_is_here(article: Article, author: User) -> None:
    assert HERE not in read(acting(), article.get_absolute_url())
    stay(author, article, "60")
    assert HERE in read(acting(), article.get_absolute_url())
    until = Discussion.objects.get().author_here_until
    assert until.minute % 5 == 0
    with later(hours=1, minutes=5):
        assert HERE not in read(acting(), article.get_absolute_url())


def test_the_author_leaves_earlier(article: Article, author: User) -> None:
    for minutes in ("240", "", ""):
        assert stay(author, article, minutes).status_code == 302
    assert HERE not in read(acting(), article.get_absolute_url())


def test_what_waits_for_the_author_is_listed_by_what_readers_want(
    article: Article, author: User, reader: User, moderator: User
) -> None:
    texts = ["How long?", "It is long.", "Почему так дорого?", "لماذا؟", "Is it? I think so."]
    said = [cast.a_comment(article, reader, text) for text in texts]
    cast.a_comment(article, reader, "And why?", said[1])  # a reply is no question of its own
    cast.a_comment(article, author, "Any questions?")
    removed(cast.a_comment(article, reader, "Are you blind?"), moderator)
    Comment.objects.filter(pk=said[2].pk).update(recommends=4)
    assert asked(article) == ["Почему так дорого?", "لماذا؟", "How long?"]
    cast.a_comment(article, reader, "Ask the mayor.", said[2])
    cast.a_comment(article, author, "Steel is dear.", said[2])
    assert asked(article) == ["لماذا؟", "How long?"]
    html = read(acting(author), f"/discussions/{article.pk}/questions/")
    assert html.index("لماذا؟") < html.index("How long?")
    assert f"/comments/{said[0].pk}/reply/" in html


@pytest.mark.attack("A16")
def test_the_list_is_for_the_author_and_the_editors(
    article: Article, author: User, editor: User, reader: User
) -> None:
    address = f"/discussions/{article.pk}/questions/"
    for person in (reader, cast.a_moderator(), cast.an_author("Olga Other")):
        read(acting(person), address, status=404)
        assert stay(person, article, "60").status_code == 404
        assert address not in read(acting(person), article.get_absolute_url())
    assert stay(None, article, "60")["Location"] == f"/accounts/login/?next={address}"
    for person in (author, editor):
        assert address in read(acting(person), article.get_absolute_url())
        read(acting(person), address)
    stay(editor, article, "60")  # an editor looks on, and cannot be here for the author
    assert HERE not in read(acting(), article.get_absolute_url())


@pytest.mark.attack("A45")
@pytest.mark.parametrize("minutes", ["1", "-60", "1e3", "99999", "60; --"])
def test_there_are_no_other_times(minutes: str, article: Article, author: User) -> None:
    assert stay(author, article, minutes).status_code == 400
    assert HERE not in read(acting(), article.get_absolute_url())


@pytest.mark.attack("A44")
def test_many_questions_cost_what_few_cost(article: Article, author: User, reader: User) -> None:
    address = f"/discussions/{article.pk}/questions/"
    cast.a_comment(article, reader, "How long?")
    few = queries(address, author)
    for number in range(12):
        cast.a_comment(article, reader, f"How long {number}?")
    assert queries(address, author) == few


@pytest.mark.attack("A44")
def test_an_editor_reads_a_thousand_as_ten(editor: User, reader: User) -> None:
    (few, _root), (many, _other) = ten_and_a_thousand(reader)
    assert queries(many.get_absolute_url(), editor) == queries(few.get_absolute_url(), editor)


def test_an_answer_is_pinned(article: Article, author: User, reader: User) -> None:
    question = cast.a_comment(article, reader, "How long?")
    answer = cast.a_comment(article, author, "A year.", question)
    assert do(acting(author), answer, "pin", htmx=True).status_code == 200
    assert "Pinned</span>" in read(acting(), f"/comments/{answer.pk}/")
