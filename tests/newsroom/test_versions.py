"""The record of an article: who did what to it and when; and two people who write in one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from newsroom import clock, differences
from newsroom.models import Article, ArticleVersion, Correction
from tests import cast
from tests.newsroom.test_writing import ADD, a_draft, address, at, desk, form

pytestmark = pytest.mark.django_db


def record(article: Article) -> list[tuple[int, str, str | None]]:
    versions = article.versions.select_related("by").order_by("n")
    return [(each.n, each.deed, each.by.name if each.by else None) for each in versions]


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    return [tuple(piece) for piece in differences.pieces(old, new)]


def test_an_imported_article_has_a_record_that_has_not_begun(
    article: Article, editor: User
) -> None:
    page = desk(editor).get(address(article, "versions"))
    assert page.status_code == 200
    assert "Its record begins when it is saved." in page.content.decode()


def test_every_deed_is_on_the_record(author: User, editor: User) -> None:
    then = (timezone.now() + timedelta(hours=1)).replace(microsecond=0)
    desk(author).post(ADD, form())
    for who, more in [
        (author, {"headline": "Heavy rain"}),
        (author, {"deed": "submit"}),
        (editor, {"deed": "schedule", **at(then)}),
    ]:
        article = Article.objects.get()
        assert desk(who).post(address(article), form(article, **more)).status_code == 302
    with time_machine.travel(then + timedelta(seconds=1)):
        clock.tick()
        article = Article.objects.get()
        desk(editor).post(address(article), form(article, standfirst="All day."))
        Correction(article=article, text="It was hail.", by=editor).publish()
        desk(editor).post(address(article, "withdraw"))
        page = desk(editor).get(address(article, "versions")).content.decode()
    anna, edgar = author.name, editor.name
    assert record(article) == [
        (1, "saved", anna),
        (2, "saved", anna),
        (3, "submitted", anna),
        (4, "scheduled", edgar),
        (5, "published", None),
        (6, "changed", edgar),
        (7, "corrected", edgar),
        (8, "withdrawn", edgar),
    ]
    assert Article.objects.get().version == 8
    assert "the clock" in page
    assert "changed after publication" in page
    assert page.count(edgar) >= 4


def test_saving_without_a_change_is_not_a_version(editor: User) -> None:
    out = cast.an_article()
    desk(editor).post(address(out), form(out))
    assert out.versions.count() <= 1
    assert Article.objects.get().body == out.body


def test_what_stood_there_before_the_record_began_is_its_first_version(editor: User) -> None:
    out = cast.an_article("As it was")
    desk(editor).post(address(out), form(out, headline="As it is"))
    first, second = out.versions.order_by("n")
    assert (first.headline, first.at) == ("As it was", out.published_at)
    assert (second.headline, second.deed, second.by) == ("As it is", "changed", editor)


def test_any_two_versions_are_compared_word_by_word(editor: User) -> None:
    out = cast.an_article(body="Ten men crossed.\n\nThey sang.")
    for words in (
        "Ten women crossed.\n\nThey sang.",
        "Ten women crossed.\n\nThey <i>sang</i> &lt;.\n\nX",
    ):
        article = Article.objects.get()
        desk(editor).post(address(article), form(article, body=words))
    page = desk(editor).get(address(out, "versions"), {"old": 1, "new": 2}).content.decode()
    assert "Ten <del>men </del><ins>women </ins>crossed." in page
    page = desk(editor).get(address(out, "versions"), {"old": 1, "new": 3}).content.decode()
    assert "<ins>_sang_ &lt;." in page
    newest = desk(editor).get(address(out, "versions")).content.decode()
    assert "From version 2 to version 3" in newest
    for odd in ({"old": 9, "new": 99}, {"old": "x", "new": "-1"}, {"new": "9" * 30}):
        assert desk(editor).get(address(out, "versions"), odd).status_code == 200


def test_a_difference_shows_what_markup_said_and_trusts_none_of_it() -> None:
    assert pieces("One two three", "One 2 three") == [
        ("=", "One "),
        ("-", "two "),
        ("+", "2 "),
        ("=", "three"),
    ]
    said = differences.as_text(
        '<h2>Head</h2><p>A <b>b</b> <a href="https://x.org/?a=1&amp;b=2">c</a></p>'
        "<ul><li><p>d</p></li></ul><blockquote><p>e &lt;script&gt;</p></blockquote>"
    )
    assert said == "## Head\n\nA **b** c [https://x.org/?a=1&b=2]\n\n• d\n\n“ e <script>"
    assert differences.between({"body": "One.\n\nTwo."}, {"body": "<p>One.</p><p>Two.</p>"}) == []


def test_a_version_is_taken_back_into_the_form_and_saved_from_there(editor: User) -> None:
    out = cast.an_article("The first headline")
    desk(editor).post(address(out), form(out, headline="The second headline"))
    page = desk(editor).get(f"{address(out)}?take=1")
    assert 'value="The first headline"' in page.content.decode()
    assert 'name="version" value="2"' in page.content.decode()
    assert Article.objects.get().headline == "The second headline"


def test_the_record_is_read_and_never_written(admin: User, author: User) -> None:
    out = cast.an_article()
    out.record(author, ArticleVersion.Deed.SAVED)
    assert desk(admin).post(address(out, "versions"), {"deed": "x"}).status_code in (200, 405)
    assert desk(admin).get("/admin/newsroom/articleversion/").status_code == 404
    assert record(Article.objects.get()) == [(1, "saved", author.name)]
    assert desk(admin).get(address(out, "history"))["Location"] == address(out, "versions")


# Two people


def test_the_second_is_told_sees_the_difference_and_loses_nothing(
    author: User, editor: User
) -> None:
    mine = a_draft(author, standfirst="It is old.", byline="A. Author")
    opened_by_both = form(mine)
    desk(editor).post(address(mine), opened_by_both | {"standfirst": "It is red."})
    typed = opened_by_both | {"standfirst": "It is <new>.", "byline": "Anna", "source": "Hers"}
    answer = desk(author).post(address(mine), typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{editor.name} was here before you: saved" in page
    assert "It is <del>red.</del><ins>&lt;new&gt;.</ins>" in page
    assert "It is &lt;new&gt;.</textarea>" in page
    assert 'value="Anna"' in page
    assert "These differ, too: Byline, Source." in page
    assert Article.objects.get().standfirst == "It is red."

    # Knowing that, she saves hers over it.
    assert 'name="version" value="2"' in page
    assert desk(author).post(address(mine), typed | {"version": 2}).status_code == 302
    assert Article.objects.get().standfirst == "It is <new>."
    assert [by for _n, _deed, by in record(mine)] == [author.name, editor.name, author.name]


def test_a_deed_over_a_newer_version_is_not_done(editor: User) -> None:
    waiting = cast.an_article(
        status=Article.Status.SCHEDULED, published_at=timezone.now() + timedelta(hours=1)
    )
    opened = form(waiting, deed="draft")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        clock.tick()
        answer = desk(editor).post(address(waiting), opened)
    assert answer.status_code == 409
    assert "The clock was here before you: published" in answer.content.decode()
    assert Article.objects.get().status == Article.Status.PUBLISHED


def test_nobody_else_changes_the_version_of_a_form(author: User) -> None:
    mine = a_draft(author)
    for nonsense in ("", "x", "-5", "9" * 40):
        sent = form(mine, version=nonsense, headline=f"Version {nonsense[:3]}")
        assert desk(author).post(address(mine), sent).status_code in (302, 409)
