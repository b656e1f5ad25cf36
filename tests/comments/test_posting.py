"""Saying something: it appears, it waits, or it comes back with the reason and the words."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from accounts.models import User
from comments.checks import CHECKS, not_too_long
from comments.models import Comment, Decision, Discussion, Draft, Sanction
from newsroom import markup
from newsroom.models import Article, Section
from tests import cast
from tests.comments.acting import acting, do, in_days, read, removed, say, seen, suspended, typed

pytestmark = pytest.mark.django_db

WORDS = "The pier *needs* <b>paint</b> & a roof."


def closed(reader: User, article: Article) -> str:
    Discussion.objects.create(article=article, mode=Discussion.Mode.CLOSED)
    return WORDS


def unverified(reader: User, article: Article) -> str:
    EmailAddress.objects.filter(user=reader).update(verified=False)
    return WORDS


def suspended_until(reader: User, article: Article) -> str:
    suspended(reader, cast.a_moderator(), in_days(3))
    return WORDS


def suspended_for_good(reader: User, article: Article) -> str:
    suspended(reader, cast.a_moderator())
    return WORDS


def too_fast(reader: User, article: Article) -> str:
    browser = acting(reader)
    for number in range(6):
        assert say(browser, article, f"Word {number}.").status_code == 302
    return WORDS


def repeated(reader: User, article: Article) -> str:
    assert say(acting(reader), cast.an_article("Elsewhere"), WORDS).status_code == 302
    return WORDS


def text(what: str) -> Callable[[User, Article], str]:
    return lambda reader, article: what


NOTHING = "There is nothing to read in it yet. Please write a few words."
REFUSALS = {
    "closed": (closed, 403, "This discussion has closed meanwhile"),
    "unverified": (unverified, 403, "Please confirm your email address first"),
    "suspended until": (suspended_until, 403, "You may comment again from"),
    "suspended for good": (suspended_for_good, 403, "Your account may not comment any more."),
    "too fast": (too_fast, 429, "That was quick. Please wait"),
    "too long": (text("a" * 5001), 400, "has 5001 characters; the limit is 5000."),
    "empty": (text(""), 400, NOTHING),
    "zero-width": (text("\u200b\u200d\ufeff\u2060"), 400, NOTHING),
    "blank letters": (text("\u3164\u115f\u1160\uffa0"), 400, NOTHING),
    "markup alone": (text("***\n\n> \n\n- []()"), 400, NOTHING),
    "a link without words": (text("[](https://example.com)"), 400, NOTHING),
    "repeated": (repeated, 409, "You have said exactly this already today."),
}


@pytest.mark.attack("A8")
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_says_why_and_keeps_the_words(
    why: str, htmx: bool, reader: User, article: Article
) -> None:
    arrange, status, sentence = REFUSALS[why]
    words = arrange(reader, article)
    before = Comment.objects.count()
    response = say(acting(reader), article, words, htmx=htmx)
    assert response.status_code == status
    assert sentence in seen(response)
    assert typed(response) == words
    assert Comment.objects.count() == before
    assert words not in read(acting(), f"/discussions/{article.pk}/") or not words
    if htmx:
        assert response["HX-Retarget"] == "#composer"
        assert "<html" not in response.content.decode()


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    sentences = {sentence for _arrange, _status, sentence in REFUSALS.values()}
    assert len(sentences) == 8


def test_a_refused_text_waits_in_the_composer(reader: User, article: Article) -> None:
    say(acting(reader), article, "a" * 5001)
    assert "a" * 5001 in read(acting(reader), f"/discussions/{article.pk}/")
    assert "a" * 5001 not in read(acting(cast.a_stranger()), f"/discussions/{article.pk}/")


@pytest.mark.attack("A8")
def test_a_long_text_is_refused_before_it_costs_anything() -> None:
    """Rendering takes more than linear time: nothing renders what the limit has not passed."""
    assert CHECKS[0] is not_too_long


@pytest.mark.attack("A8")
def test_5000_characters_are_a_comment(reader: User, article: Article) -> None:
    assert say(acting(reader), article, "ä" * 5000).status_code == 302
    assert "ä" * 5000 in read(acting(), article.get_absolute_url())


def test_a_visitor_is_led_to_the_log_in_and_keeps_the_words(article: Article) -> None:
    response = say(acting(), article, WORDS)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")
    assert not Comment.objects.exists()
    assert Draft.objects.get().text == WORDS


@pytest.mark.attack("A20")
def test_a_form_without_its_token_is_refused_and_gives_the_words_back(
    reader: User, article: Article
) -> None:
    response = say(acting(reader, enforce_csrf_checks=True), article, WORDS)
    assert response.status_code == 403
    assert typed(response) == WORDS
    assert not Comment.objects.exists()


def test_a_comment_is_placed_where_htmx_shows_it(reader: User, article: Article) -> None:
    response = say(acting(reader), article, "First.", htmx=True)
    assert (response.status_code, response["HX-Retarget"]) == (200, "#threads")
    root = Comment.objects.get()
    response = do(acting(reader), root, "reply", text="Second.", htmx=True)
    assert response["HX-Retarget"] == f"#replies-{root.pk}"
    page = read(acting(), article.get_absolute_url())
    assert "First." in page
    assert "Second." in page


# Sent twice


@pytest.mark.attack("A46")
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_the_same_form_sent_again_is_one_comment(
    htmx: bool, reader: User, article: Article
) -> None:
    key = str(uuid.uuid4())
    first = say(acting(reader), article, WORDS, key=key, htmx=htmx)
    again = say(acting(reader), article, WORDS, key=key, htmx=htmx)
    assert first.status_code == again.status_code == (200 if htmx else 302)
    assert first.get("Location") == again.get("Location")
    assert Comment.objects.count() == 1


def test_a_form_sent_again_after_an_edit_is_still_that_comment(
    reader: User, article: Article
) -> None:
    key = str(uuid.uuid4())
    first = say(acting(reader), article, WORDS, key=key)
    comment = Comment.objects.get()
    do(acting(reader), comment, "edit", text="The pier needs a roof.", revision=1)
    again = say(acting(reader), article, WORDS, key=key)
    assert again["Location"] == first["Location"]
    assert "The pier needs a roof." in read(acting(), article.get_absolute_url())


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_the_same_form_with_another_text_is_refused(
    htmx: bool, reader: User, article: Article
) -> None:
    key = str(uuid.uuid4())
    say(acting(reader), article, WORDS, key=key)
    response = say(acting(reader), article, "Something else.", key=key, htmx=htmx)
    assert response.status_code == 409
    assert "This form was sent already, with another text." in seen(response)
    assert typed(response) == "Something else."
    assert "Something else." not in read(acting(), article.get_absolute_url())


def test_what_was_refused_so_can_be_sent_again(reader: User, article: Article) -> None:
    key = str(uuid.uuid4())
    say(acting(reader), article, WORDS, key=key)
    refused = say(acting(reader), article, "Something else.", key=key).content.decode()
    fresh = refused.partition('name="key" value="')[2].partition('"')[0]
    assert say(acting(reader), article, "Something else.", key=fresh).status_code == 302
    assert "Something else." in read(acting(), article.get_absolute_url())


def test_a_key_of_somebody_else_opens_nothing(
    reader: User, stranger: User, article: Article
) -> None:
    key = str(uuid.uuid4())
    say(acting(reader), article, WORDS, key=key)
    response = say(acting(stranger), article, WORDS, key=key)
    assert response.status_code == 302
    assert Comment.objects.filter(author=stranger).count() == 1


@pytest.mark.parametrize("key", ["", "x", "\0", "9" * 5000, "' or 1=1 --"])
def test_a_key_that_is_none_is_as_good_as_no_key(key: str, reader: User, article: Article) -> None:
    assert say(acting(reader), article, WORDS, key=key).status_code == 302
    assert Comment.objects.count() == 1


@pytest.mark.attack("A46")
@pytest.mark.django_db(transaction=True)
def test_twenty_identical_forms_at_once_make_one_comment() -> None:
    reader, article = cast.a_reader(), cast.an_article()
    cookies, key, start = acting(reader).cookies, str(uuid.uuid4()), Barrier(20)

    def send(number: int) -> tuple[int, str]:
        try:
            browser = Client()
            browser.cookies = cookies
            start.wait()
            response = say(browser, article, WORDS, key=key)
            return response.status_code, response.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    comment = Comment.objects.get()
    assert answers == {(302, f"{article.get_absolute_url()}?sort=newest#c{comment.pk}")}
    assert Discussion.objects.get().comment_count == 1


# Replies


@pytest.mark.attack("A15")
def test_nobody_answers_what_is_removed(reader: User, stranger: User, article: Article) -> None:
    comment = cast.a_comment(article, reader)
    removed(comment, cast.a_moderator())
    assert do(acting(stranger), comment, "reply", text=WORDS).status_code == 404
    response = do(acting(reader), comment, "reply", text=WORDS)
    assert response.status_code == 409
    assert "The comment you answer is no longer there." in seen(response)
    assert typed(response) == WORDS
    assert Comment.objects.count() == 1


@pytest.mark.attack("A15")
def test_nobody_answers_what_still_waits(reader: User, stranger: User, article: Article) -> None:
    comment = cast.a_comment(article, reader, held_because="a link")
    assert do(acting(stranger), comment, "reply", text=WORDS).status_code == 404
    assert do(acting(reader), comment, "reply", text=WORDS).status_code == 409
    assert Comment.objects.count() == 1


@pytest.mark.attack("A15")
def test_nobody_answers_in_a_withdrawn_article(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader)
    Article.objects.update(status=Article.Status.WITHDRAWN)
    assert do(acting(stranger), comment, "reply", text=WORDS).status_code == 404
    assert say(acting(stranger), article, WORDS).status_code == 404


@pytest.mark.attack("A15")
def test_a_reply_stands_in_the_discussion_of_what_it_answers(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader)
    elsewhere = cast.an_article("Elsewhere")
    fields: dict[str, Any] = {
        "discussion": elsewhere.pk,
        "article": elsewhere.pk,
        "root": 999,
        "reply_to": 999,
    }
    do(acting(stranger), comment, "reply", text=WORDS, **fields)
    reply = Comment.objects.get(author=stranger)
    assert (reply.discussion_id, reply.root_id, reply.reply_to_id) == (
        article.pk,
        comment.pk,
        comment.pk,
    )
    assert "paint" not in read(acting(), elsewhere.get_absolute_url())


def test_a_reply_to_a_reply_stays_in_its_thread(
    reader: User, stranger: User, article: Article
) -> None:
    root = cast.a_comment(article, reader)
    first = cast.a_comment(article, stranger, "First answer.", root)
    do(acting(reader), first, "reply", text="Second answer.")
    second = Comment.objects.latest("id")
    assert (second.root_id, second.reply_to_id) == (root.pk, first.pk)
    assert "Second answer." in read(acting(), f"/comments/{root.pk}/")


@pytest.mark.attack("A15")
@pytest.mark.parametrize("id", ["0", "999", str(2**63), "9" * 40])
def test_there_is_nothing_to_answer_at_an_address_that_is_none(id: str, reader: User) -> None:
    assert acting(reader).post(f"/comments/{id}/reply/", {"text": WORDS}).status_code == 404
    assert acting(reader).post(f"/discussions/{id}/", {"text": WORDS}).status_code == 404


# What the form does not ask


@pytest.mark.attack("A18")
def test_what_the_form_does_not_ask_changes_nothing(
    reader: User, stranger: User, article: Article
) -> None:
    forged = {
        "author": stranger.pk,
        "author_id": stranger.pk,
        "state": "removed",
        "recommends": 99,
        "replies": 99,
        "picked_at": "2020-01-01",
        "created_at": "2020-01-01",
        "withdrawn_at": "2020-01-01",
        "held_because": "x",
        "html": "<script>alert(1)</script>",
        "is_public": "0",
        "is_staff": "1",
        "id": 999,
    }
    address = f"/discussions/{article.pk}/?state=pending&author={stranger.pk}"
    acting(reader).post(address, {"text": WORDS} | forged)
    comment = Comment.objects.get()
    assert (comment.author, comment.state, comment.recommends, comment.replies) == (
        reader,
        "public",
        0,
        0,
    )
    assert (comment.picked_at, comment.withdrawn_at, comment.held_because) == (None, None, "")
    assert comment.pk != 999
    assert comment.created_at.year > 2020
    page = read(acting(), article.get_absolute_url())
    assert "alert(1)" not in page
    assert "The pier <em>needs</em> &lt;b&gt;paint&lt;/b&gt; &amp; a roof." in page


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_there_is_no_other_way_to_post(method: str, reader: User, article: Article) -> None:
    comment = cast.a_comment(article, reader)
    send = getattr(acting(reader), method)
    assert send(f"/discussions/{article.pk}/", {"text": WORDS}).status_code == 405
    for deed in ("reply", "edit", "withdraw", "recommend", "unrecommend", "report"):
        assert send(f"/comments/{comment.pk}/{deed}/", {"text": WORDS}).status_code == 405


@pytest.mark.attack("A20")
def test_looking_at_a_deeds_page_changes_nothing(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader)
    version = Discussion.objects.get().version
    for deed in ("reply", "edit", "withdraw"):
        read(acting(reader), f"/comments/{comment.pk}/{deed}/")
    for deed in ("reply", "recommend", "unrecommend", "report"):
        read(acting(stranger), f"/comments/{comment.pk}/{deed}/")
    assert Discussion.objects.get().version == version


def test_reading_an_article_begins_no_discussion(article: Article) -> None:
    read(acting(), article.get_absolute_url())
    read(acting(), f"/discussions/{article.pk}/")
    assert not Discussion.objects.exists()


# Held comments


def by_a_newcomer_with_a_link(reader: User, article: Article) -> str:
    return "See https://example.com for more."


def in_a_premoderated_section(reader: User, article: Article) -> str:
    Section.objects.update(moderation=Section.Moderation.PREMODERATED)
    return WORDS


def in_a_premoderated_discussion(reader: User, article: Article) -> str:
    Discussion.objects.create(article=article, mode=Discussion.Mode.PREMODERATED)
    return WORDS


def by_a_premoderated_person(reader: User, article: Article) -> str:
    decision = Decision.objects.create(person=reader, action=Decision.Action.SUSPEND)
    kind = Sanction.Kind.PREMODERATION
    Sanction.objects.create(person=reader, kind=kind, decision=decision)
    return WORDS


HELD = [
    by_a_newcomer_with_a_link,
    in_a_premoderated_section,
    in_a_premoderated_discussion,
    by_a_premoderated_person,
]


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("arrange", HELD, ids=lambda arrange: arrange.__name__)
def test_a_held_comment_is_seen_by_its_author_only(
    arrange: Callable[[User, Article], str], htmx: bool, reader: User, stranger: User
) -> None:
    article = cast.an_article()
    words = arrange(reader, article)
    response = say(acting(reader), article, words, htmx=htmx)
    assert response.status_code == (200 if htmx else 302)
    if htmx:
        assert "A moderator reads this comment before others can see it." in seen(response)
    comment = Comment.objects.get()
    assert comment.held_because
    shown = markup.render_comment(words)
    for address in (article.get_absolute_url(), f"/comments/{comment.pk}/", "/me/"):
        assert shown in read(acting(reader), address)
    for other in (acting(), acting(stranger)):
        assert shown not in read(other, article.get_absolute_url())
        read(other, f"/comments/{comment.pk}/", status=404)
        assert "All quiet at the moment." in read(other, "/chats/")


def test_a_reader_who_is_known_posts_links_at_once(reader: User, article: Article) -> None:
    for number in range(2):
        cast.a_comment(article, reader, f"Word {number}.")
    say(acting(reader), article, "See https://example.com for more.")
    page = read(acting(), article.get_absolute_url())
    link = '<a href="https://example.com" rel="nofollow ugc noopener">https://example.com</a>'
    assert link in page


def test_a_sanction_that_is_over_holds_and_refuses_nothing(reader: User, article: Article) -> None:
    moderator = cast.a_moderator()
    sanction = Sanction.objects.get(decision=suspended(reader, moderator))
    Decision.objects.all().lift(sanction, moderator)
    assert say(acting(reader), article, WORDS).status_code == 302
    assert "paint" in read(acting(), article.get_absolute_url())
