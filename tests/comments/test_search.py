"""/search/: what is said is found in any form of its words; what is hidden is not."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from comments import search
from comments.models import Comment, Decision
from comments.models.comment_words import COMMENT_WORDS
from newsroom.models import Article
from newsroom.models.article_words import ARTICLE_WORDS
from newsroom.words import asked
from tests.cast import a_comment, a_section, an_article
from tests.comments.acting import later, removed

pytestmark = pytest.mark.django_db


def page(question: str = "", status: int = 200, **more: Any) -> str:
    """As a visitor sees it."""
    response = Client().get("/search/", {"q": question, **more})
    assert response.status_code == status
    return response.content.decode()


def found(question: str, **more: Any) -> list[str]:
    """The addresses of what was found, the best first."""
    return re.findall(r'<h2[^>]*><a href="([^"]+)"', page(question, **more))


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def address(thing: Article | Comment) -> str:
    return thing.get_absolute_url()


# Languages

TEXTS = {
    "en": ("Minister calls early elections", "He spoke at the café in two cities."),
    "ru": ("Министр объявил выборы", "Ёлки на рынке покупают жители городов."),
    "es": ("El ministro convoca elecciones", "Las ciudades esperan más información."),
    "ar": ("الوزير يعلن الانتخابات", "تحدث المسؤولون عن الحكومات والمدن."),
}
QUESTIONS = [
    ("en", "ministers election"),
    ("en", "MINISTER’S"),
    ("en", "cafes city"),
    ("en", "speak"),
    ("ru", "министрами выборов"),
    ("ru", "елка рынок"),
    ("ru", "ЁЛКУ ГОРОД"),
    ("es", "ministras eleccion"),
    ("es", "Elección"),
    ("es", "ciudad informaciones"),
    ("ar", "وزير انتخابات"),
    ("ar", "للوزير إنتخاب"),
    ("ar", "مَسؤول حكومة"),
]


@pytest.mark.parametrize(("language", "question"), QUESTIONS)
def test_an_article_is_found_in_any_form(language: str, question: str) -> None:
    articles = {
        code: an_article(headline, body=body, standfirst="", language=code)
        for code, (headline, body) in TEXTS.items()
    }
    assert found(question) == [address(articles[language])]


@pytest.mark.parametrize(("language", "question"), QUESTIONS)
def test_a_comment_is_found_in_any_form(language: str, question: str, reader: User) -> None:
    """Its language is nobody's word: it is guessed from the text and from the article."""
    article = an_article("Nothing about it", language=language)
    said = {
        code: a_comment(an_article(f"Talk {code}", language=code), reader, " ".join(text))
        for code, text in TEXTS.items()
    }
    assert found(question, what="comments") == [address(said[language])]
    assert address(article) not in found(question)


# Ranking


def test_a_headline_weighs_more_than_a_mention() -> None:
    mention = an_article("Other news", body="At the end somebody spoke about a lighthouse. " * 2)
    named = an_article("The lighthouse", published_at=timezone.now() - timedelta(days=3))
    assert found("lighthouse") == [address(named), address(mention)]


def test_of_two_equal_articles_the_new_one_comes_first() -> None:
    now = timezone.now()
    old = an_article("Lighthouse", slug="old", published_at=now - timedelta(days=100))
    new = an_article("Lighthouse", slug="new", published_at=now)
    older = an_article("Lighthouse", slug="older", published_at=now - timedelta(days=400))
    assert found("lighthouse") == [address(new), address(old), address(older)]


def test_all_words_are_asked_for_first_and_then_any() -> None:
    both = an_article("A lighthouse on an island")
    one = an_article("A lighthouse")
    assert found("lighthouse island") == [address(both)]
    assert found("lighthouse volcano") == [address(one), address(both)]
    assert "Nothing has all of these words" in page("lighthouse volcano")
    assert "Nothing has all of these words" not in page("lighthouse island")


def test_an_author_is_found_by_name() -> None:
    article = an_article(byline="Inga Petrova", source="Harbour Agency")
    assert found("petrova") == found("harbour agency") == [address(article)]


# What is shown


@pytest.mark.attack("A4")
def test_the_words_are_marked_and_the_rest_is_escaped(reader: User) -> None:
    article = an_article("<b>Bridges</b> & “rivers”", body="&lt;i onload=x&gt; a bridge &lt;/i&gt;")
    a_comment(article, reader, 'A <script>bridge</script> "here" & there')
    seen = page("bridge")
    assert "&lt;b&gt;<mark>Bridges</mark>&lt;/b&gt; &amp; “rivers”" in seen
    assert "&lt;i onload=x&gt; a <mark>bridge</mark> &lt;/i&gt;" in seen
    assert "A &lt;script&gt;<mark>bridge</mark>&lt;/script&gt;" in seen


def test_the_question_stays_in_its_field_and_does_no_harm() -> None:
    seen = page('"><script>alert(1)</script>')
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in seen
    assert "<script>alert" not in seen


def test_nothing_found_says_what_to_do_next() -> None:
    seen = page("zeppelin", section="", period="week")
    assert "Nothing found" in seen
    assert '<a class="button" href="?q=zeppelin">Look everywhere, at any time</a>' in seen
    assert "Look everywhere" not in page("zeppelin")


def test_the_page_is_for_readers_and_not_for_search_engines() -> None:
    assert '<meta name="robots" content="noindex">' in page()
    assert 'href="/search/"' in Client().get("/").content.decode()


def test_a_search_only_looks() -> None:
    assert Client().post("/search/", {"q": "bridge"}).status_code == 405


# Filters


def test_by_kind(reader: User) -> None:
    article = an_article("The lighthouse")
    comment = a_comment(article, reader, "A fine lighthouse.")
    assert set(found("lighthouse")) == {address(article), address(comment)}
    assert found("lighthouse", what="articles") == [address(article)]
    assert found("lighthouse", what="comments") == [address(comment)]


def test_by_section(reader: User) -> None:
    world, sport = (
        an_article("Lighthouse", slug=slug, section=a_section(slug)) for slug in ("world", "sport")
    )
    comment = a_comment(sport, reader, "This lighthouse!")
    a_comment(world, reader, "That lighthouse!")
    assert set(found("lighthouse", section="sport")) == {address(sport), address(comment)}
    Article.objects.filter(pk=sport.pk).update(section=world.section)
    assert found("lighthouse", section="sport") == []


@pytest.mark.parametrize(
    ("period", "days"), [("today", 1), ("week", 8), ("month", 32), ("year", 367)]
)
def test_by_time(period: str, days: int, reader: User) -> None:
    now = timezone.now()
    new = an_article("Lighthouse", slug="new", published_at=now)
    old = an_article("Lighthouse", slug="old", published_at=now - timedelta(days=days))
    said = a_comment(new, reader, "A lighthouse.")
    Comment.objects.filter(pk=a_comment(new, reader, "That lighthouse.").pk).update(
        created_at=old.published_at
    )
    assert set(found("lighthouse", period=period)) == {address(new), address(said)}
    assert len(found("lighthouse")) == 4


# Any question is answered

NASTY = [
    "", " ", "\0", "a\0b", 'foo"*(', '"', "'", "''", "\\", "%", "_", "*", "a*", "(", ")", "((a)",
    "NOT", "AND OR NOT", "NEAR(a b)", "headline:x", "rowid:1", "-a", "+a", "^a", "a:b", "{a b}:c",
    "a & b | !c", "a <-> b", ":*", "'a':1A", "$1", "%s", "%(x)s", "; DROP TABLE x; --",
    "😀", "👩‍👩‍👧",
    "the", "the of and", "и в на", "de la", "في من", "مرحبا بالعالم",
    "\u202eabc", "\u200f", "\ufeff",
    "x" * 10_000, "a " * 5_000, "😀" * 10_000, "()" * 5_000, "\u0301" * 1_000, "e\u0301" * 5_000,
    "ﷺ" * 5_000, "½", "ⅷ", "²", "İ", "ß", "ŉ", "\ud7ff", "\uffff", "\U0010ffff", "हिन्दी।",
    "ภาษาไทย",
    "한국어", "東京都", "1e5", "0x1f", "3.14", "a-b", "a.b@c.d", "http://a.b/c?d=e",
    "<script>", "&amp;",
]  # fmt: skip


@pytest.mark.attack("A13", "A45")
@pytest.mark.parametrize("question", NASTY)
def test_whatever_is_asked_is_answered(question: str, article: Article, reader: User) -> None:
    a_comment(article, reader, "Well said.")
    page(question)
    page("bridge", section=question, what=question, period=question, page=question)


@pytest.mark.attack("A45")
@given(st.text(), st.text(max_size=5))
@settings(max_examples=50, deadline=None)
def test_whatever_at_all_is_asked_is_answered(question: str, other: str) -> None:
    for q in (question, f"{question} bridge"):
        page(q, page=other, section=other)


@pytest.mark.attack("A13")
def test_what_is_stored_is_found_again_whatever_it_is(reader: User, article: Article) -> None:
    for n, question in enumerate(NASTY):
        text = f"{question[:4000]} zeppelin number{n}".replace("\0", "")
        comment = a_comment(article, reader, text)
    assert f"{len(NASTY)} found." in page("zeppelin")
    assert found(f"number{n}") == [address(comment)]


@pytest.mark.attack("A45")
def test_raw_bytes_that_are_no_text_are_answered() -> None:
    for raw in ("%ff%fe", "%ed%a0%80", "%00", "%", "q=1&q=2", "a" * 5000):
        assert Client().get(f"/search/?q={raw}").status_code == 200


# How much


@pytest.mark.attack("A44")
def test_the_number_of_queries_does_not_depend_on_what_is_found(reader: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page("lighthouse")
        return len(captured)

    a_comment(an_article("Lighthouse 0"), reader, "A lighthouse.")
    few = queries()
    for n in range(1, 9):
        a_comment(an_article(f"Lighthouse {n}"), reader, "A lighthouse.")
    assert queries() == few
    assert len(found("lighthouse")) == 18


def test_results_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAGE", 2)
    monkeypatch.setattr(search, "PAGES", 2)
    articles = [
        an_article(f"Lighthouse {n}", published_at=timezone.now() - timedelta(days=n))
        for n in range(5)
    ]
    first, second = found("lighthouse"), found("lighthouse", page="2")
    assert first + second == [address(article) for article in articles[:4]]
    assert found("lighthouse", page="3") == found("lighthouse", page="999") == second
    assert found("lighthouse", page="-1") == found("lighthouse", page="x") == first
    assert "5 found. Here are the best 4." in words_of(page("lighthouse"))
    assert 'href="?q=lighthouse&amp;page=2"' in page("lighthouse")


def test_a_count_that_stops_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RANKED", 3)
    for n in range(5):
        an_article(f"Lighthouse {n}")
    assert "At least 3 found; here are the best 3." in words_of(page("lighthouse"))


# What is hidden


def test_only_what_is_published_is_found(editor: User) -> None:
    now = timezone.now()
    hidden = [Article.Status.DRAFT, Article.Status.SUBMITTED, Article.Status.WITHDRAWN]
    for status in hidden:
        an_article(f"Lighthouse {status}", status=status)
    an_article("Lighthouse", status=Article.Status.SCHEDULED, published_at=now + timedelta(1))
    assert found("lighthouse") == []
    with later(days=2):
        Article.objects.publish_due()
        assert len(found("lighthouse")) == 1


def test_a_withdrawn_article_takes_its_comments_along(reader: User) -> None:
    article = an_article("Lighthouse")
    a_comment(article, reader, "A lighthouse.")
    assert len(found("lighthouse")) == 2
    article.status = Article.Status.WITHDRAWN
    article.save()
    assert found("lighthouse") == []


def test_a_removed_comment_is_not_found_until_it_is_restored(
    article: Article, reader: User, moderator: User
) -> None:
    comment = a_comment(article, reader, "A lighthouse.")
    removed(comment, moderator)
    assert found("lighthouse") == []
    assert kept(comment) == []
    Decision.objects.all().restore(comment, moderator)
    assert found("lighthouse") == [address(comment)]


def test_a_comment_withdrawn_by_its_author_is_not_found(article: Article, reader: User) -> None:
    comment = a_comment(article, reader, "A lighthouse.")
    comment.withdraw()
    assert found("lighthouse") == []
    assert kept(comment) == []


def test_a_waiting_comment_is_found_once_it_is_approved(
    article: Article, reader: User, moderator: User
) -> None:
    comment = a_comment(article, reader, "A lighthouse.", held_because="a link")
    assert found("lighthouse") == []
    Decision.objects.all().approve(comment, moderator, 1)
    assert found("lighthouse") == [address(comment)]


@pytest.mark.attack("A38")
def test_hidden_content_is_not_found_even_where_the_index_has_it(
    article: Article, reader: User
) -> None:
    comment = a_comment(article, reader, "A lighthouse.")
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.REMOVED)
    assert kept(comment)
    assert found("lighthouse") == []
    Article.objects.filter(pk=article.pk).update(status=Article.Status.WITHDRAWN)
    assert found("bridge") == []


def kept(comment: Comment) -> list[Comment]:
    """It, where the index holds “lighthouse” of it."""
    ids = COMMENT_WORDS.newest(asked("lighthouse"), every=True, limit=9)
    return list(Comment.objects.filter(pk=comment.pk, pk__in=ids))


# What changes


def test_an_edited_article_is_found_by_its_new_words_alone() -> None:
    article = an_article("The lighthouse")
    article.headline = "The windmill"
    article.save()
    assert (found("lighthouse"), found("windmill")) == ([], [address(article)])


def test_an_edited_comment_is_found_by_its_new_words_alone(article: Article, reader: User) -> None:
    comment = a_comment(article, reader, "A lighthouse.")
    comment.edit("A windmill.", 1)
    assert (found("lighthouse"), found("windmill")) == ([], [address(comment)])


def test_what_was_not_saved_is_not_found() -> None:
    article = an_article("The lighthouse")
    article.headline = "The windmill"
    article.save(update_fields=["status"])
    assert (found("lighthouse"), found("windmill")) == ([address(article)], [])


def test_a_comment_costs_the_index_one_statement(article: Article, reader: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        comment = a_comment(article, reader)
    assert len([query for query in queries if "comment_words" in query["sql"]]) == 1
    with CaptureQueriesContext(connection) as queries:
        comment.edit("A lighthouse.", 1)
    assert len([query for query in queries if "comment_words" in query["sql"]]) == 1


def test_reindexing_mends_what_was_lost_and_drops_what_is_hidden(
    reader: User, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = [an_article(f"Lighthouse {n}") for n in range(3)]
    public = a_comment(articles[0], reader, "A lighthouse.")
    hidden = a_comment(articles[0], reader, "Another lighthouse.")
    Comment.objects.filter(pk=hidden.pk).update(withdrawn_at=timezone.now())
    ARTICLE_WORDS.drop([article.pk for article in articles[1:]])
    COMMENT_WORDS.drop([public.pk])
    assert found("lighthouse") == [address(articles[0])]
    call_command("reindex")
    assert len(found("lighthouse")) == 4
    assert kept(hidden) == []
    assert "3 articles looked through." in capsys.readouterr().out


def test_reindexing_goes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.index.BATCH", 2)
    for n in range(5):
        an_article(f"Lighthouse {n}")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsroom_article_words")
    call_command("reindex")
    assert len(found("lighthouse")) == 5
