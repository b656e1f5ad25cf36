"""While one writes: the preview, the people one may mention, the draft on every device."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from comments.models import Comment, Draft, Mention, Mute
from newsroom import markup
from newsroom.models import Article
from tests import cast
from tests.comments.acting import (
    OWN_PAGE,
    a_crowd,
    acting,
    do,
    in_days,
    often,
    read,
    removed,
    say,
    seen,
    suspended,
    typed,
)
from tests.comments.test_drafts import composer

pytestmark = pytest.mark.django_db


# The preview


@pytest.mark.parametrize("place", ["comment", "reply", "edit"])
def test_the_preview_is_what_readers_would_get(
    place: str, reader: User, stranger: User, article: Article
) -> None:
    theirs, mine = cast.a_comment(article, stranger), cast.a_comment(article, reader)
    address = {
        "comment": f"/discussions/{article.pk}/",
        "reply": f"/comments/{theirs.pk}/reply/",
        "edit": f"/comments/{mine.pk}/edit/",
    }[place]
    text, browser = "*So* it is, @sam-stranger <b>!", acting(reader)
    form = {"text": text, "preview": "1", "revision": "1"}
    wanted = '<em>So</em> it is, <a href="/people/sam-stranger/"'
    page = browser.post(address, form)
    assert wanted in page.content.decode()
    assert typed(page) == text
    part = browser.post(address, form, headers={"HX-Request": "true"}).content.decode()
    assert wanted in part
    assert "<textarea" not in part
    assert Comment.objects.count() == 2
    assert not Draft.objects.exists()


@pytest.mark.attack("A4")
def test_a_preview_runs_nothing(reader: User, article: Article) -> None:
    text = "</textarea><script>x()</script> [a](javascript:x()) ![b](https://c.d/e.png)"
    page = say(acting(reader), article, text, preview="1")
    assert "<script>x" not in page.content.decode()
    assert 'javascript:x()"' not in page.content.decode()
    assert typed(page) == text


def test_a_preview_is_for_those_who_write_here_and_limited(reader: User, article: Article) -> None:
    assert say(acting(), article, "Hm.", preview="1").status_code == 302
    assert "2 characters too long" in seen(say(acting(reader), article, "a" * 5002, preview="1"))
    often(reader, "preview", 59)
    response = say(acting(reader), article, "Kept.", preview="1")
    assert (response.status_code, typed(response)) == (429, "Kept.")


def test_a_text_on_its_way_is_rendered_once(
    reader: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def render(text: str, environment: Any) -> str:
        rendered.append(text)
        return text

    monkeypatch.setattr(markup.markdown, "render", render)
    say(acting(reader), article, "Only once, please.", preview="1")
    say(acting(reader), article, "Only once, please.")
    assert rendered == ["Only once, please."]


# Mentions


def mentioned(comment: Comment) -> list[str]:
    return sorted(comment.mentions.values_list("person__username", flat=True))


@pytest.mark.attack("A11")
def test_who_spoke_here_can_be_mentioned_and_nobody_else(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    cast.a_comment(article, stranger)
    hidden = cast.a_reader("Hilda Hidden")
    removed(cast.a_comment(article, hidden), moderator)
    cast.a_comment(cast.an_article("Elsewhere"), cast.a_reader("Elsa Where"))
    silent = cast.a_reader("Sil Ent")
    text = (
        "@sam-stranger @SAM-STRANGER, @hilda-hidden @elsa-where @sil-ent @nobody a@sam-stranger "
        '@@sam-stranger @"<img src=x> `@sam-stranger` [x @sam-stranger](https://a.example)'
    )
    comment = cast.a_comment(article, reader, text)
    assert mentioned(comment) == ["sam-stranger"]
    assert comment.html.count('<a href="/people/sam-stranger/"') == 2
    assert "/people/" not in comment.html.replace("/people/sam-stranger/", "")
    for name in ("hilda-hidden", "elsa-where", "nobody", silent.username):
        assert f"@{name}" in comment.html
    assert "<img" not in comment.html


@pytest.mark.attack("A11")
def test_a_roll_call_reaches_five(reader: User, article: Article) -> None:
    people = [cast.a_reader(f"Person {letter * 3}") for letter in "abcdefgh"]
    for person in people:
        cast.a_comment(article, person)
    text = " ".join(f"@{person.username}" for person in people) + " @nobody-x" * 300
    comment = cast.a_comment(article, reader, text)
    assert mentioned(comment) == [person.username for person in people[:5]]


@pytest.mark.attack("A11")
def test_who_muted_the_writer_is_not_told(reader: User, stranger: User, article: Article) -> None:
    cast.a_comment(article, stranger)
    comment = cast.a_comment(article, reader, "@sam-stranger and I, @rita-reader.")
    assert [mention.person for mention in Mention.objects.all().to_tell(comment)] == [stranger]
    Mute.objects.create(person=stranger, muted=reader)
    assert not Mention.objects.all().to_tell(comment).exists()


def test_an_edit_mentions_whom_it_names_now(reader: User, stranger: User, article: Article) -> None:
    other = cast.a_reader("Olga Other")
    for person in (stranger, other):
        cast.a_comment(article, person)
    comment = cast.a_comment(article, reader, "@sam-stranger, look.")
    do(acting(reader), comment, "edit", text="@olga-other, look.", revision=1)
    assert mentioned(comment) == ["olga-other"]


def test_the_completion_knows_who_spoke_here(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    cast.a_comment(article, stranger)
    cast.a_comment(article, reader)
    removed(cast.a_comment(article, cast.a_reader("Sally Silenced")), moderator)
    cast.a_comment(cast.an_article("Elsewhere"), cast.a_reader("Sara Elsewhere"))

    def found(q: str) -> list[str]:
        response = acting(reader).get(f"/discussions/{article.pk}/people/", {"q": q})
        return [person["username"] for person in response.json()["people"]]

    for q in ("", "s", "SAM", "stra", "sam-s"):
        assert found(q) == ["sam-stranger"], q
    for q in ("rita", "x", "%", "_", "'", "tranger"):
        assert found(q) == [], q
    address = f"/discussions/{article.pk}/people/?q=s"
    assert acting().get(address)["Location"].startswith("/accounts/login/")
    assert acting(reader).post(address).status_code == 405
    article.status = Article.Status.WITHDRAWN
    article.save()
    read(acting(reader), address, status=404)


@pytest.mark.attack("A44")
def test_completing_costs_the_same_in_any_discussion(reader: User, stranger: User) -> None:
    few, many = cast.an_article("Few"), cast.an_article("Many")
    a_crowd(few, stranger, 10)
    a_crowd(many, stranger, 1000)
    costs = []
    for article in (few, many):
        browser = acting(reader)
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/discussions/{article.pk}/people/?q=s")
        costs.append(len(captured))
    assert costs[0] == costs[1]


# The draft


def keep(
    browser: Client,
    article: Article,
    text: str,
    version: int = 0,
    headers: dict[str, str] = OWN_PAGE,
) -> Any:
    form = {"text": text, "version": str(version)}
    return browser.post(f"/discussions/{article.pk}/draft/", form, headers=headers)


def test_what_is_typed_waits_on_every_device(reader: User, article: Article) -> None:
    version = keep(acting(reader), article, "Half a th").json()["version"]
    assert composer(acting(reader), article) == "Half a th"
    assert f'data-version="{version}"' in read(acting(reader), article.get_absolute_url())
    assert keep(acting(reader), article, "Half a thought", version).status_code == 200
    assert composer(acting(reader), article) == "Half a thought"
    assert composer(acting(cast.a_stranger()), article) == ""


def test_an_older_text_never_takes_the_place_of_a_newer(reader: User, article: Article) -> None:
    laptop, phone = acting(reader), acting(reader)
    first = keep(laptop, article, "One.").json()["version"]
    second = keep(phone, article, "One. Two.", first).json()["version"]
    response = keep(laptop, article, "One, older.", first)
    assert response.status_code == 409
    assert response.json() == {"version": second, "text": "One. Two."}
    assert keep(acting(reader), article, "Nothing seen.").status_code == 409
    assert Draft.objects.get().text == "One. Two."
    assert keep(laptop, article, "One. Two.", first).json() == {"version": second}  # the same words


def test_what_was_sent_does_not_come_back_as_a_draft(reader: User, article: Article) -> None:
    version = keep(acting(reader), article, "Sent.").json()["version"]
    say(acting(reader), article, "Sent.")
    response = keep(acting(reader), article, "Sent, late.", version)
    assert (response.status_code, response.json()) == (409, {"version": 0, "text": ""})
    assert not Draft.objects.exists()


def test_an_emptied_field_is_no_draft(reader: User, article: Article) -> None:
    version = keep(acting(reader), article, "Hm.").json()["version"]
    assert keep(acting(reader), article, "", version).json() == {"version": 0}
    assert not Draft.objects.exists()


def test_a_draft_is_limited_and_comes_from_our_own_page(reader: User, article: Article) -> None:
    browser = acting(reader)
    assert (
        keep(browser, article, "x", headers={"Origin": "https://evil.example"}).status_code == 403
    )
    assert keep(browser, article, "x" * 10_001).status_code == 413
    often(reader, "draft", 60)
    assert keep(browser, article, "Too often.").status_code == 429
    assert not Draft.objects.exists()


def test_a_suspended_reader_keeps_the_draft(
    reader: User, moderator: User, article: Article
) -> None:
    suspended(reader, moderator, in_days(1))
    assert keep(acting(reader), article, "Later.").status_code == 200


def test_without_javascript_a_link_quotes_what_is_answered(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, stranger, "One.\n\nTwo <b>.")
    assert "?quote=1" in read(acting(reader), f"/comments/{comment.pk}/reply/")
    response = acting(reader).get(f"/comments/{comment.pk}/reply/?quote=1")
    assert typed(response).startswith("> One.\n> \n> Two <b>.\n")


# A session that ended meanwhile


@pytest.mark.parametrize("htmx", [False, True])
def test_a_report_is_not_lost_with_the_session(htmx: bool, reader: User, article: Article) -> None:
    comment = cast.a_comment(article, reader)
    fields = {"kind": "spam", "note": "It is an advertisement."}
    response = do(acting(), comment, "report", htmx=htmx, **fields)
    assert response.status_code == 403
    assert htmx or typed(response) == fields["note"]
    assert ("HX-Retarget" in response) == htmx


def test_a_comment_is_kept_through_the_log_in(reader: User, article: Article) -> None:
    response = say(acting(), article, "Long words.", htmx=True)
    assert response["HX-Redirect"].startswith("/accounts/login/?next=")
    assert Draft.objects.get().text == "Long words."
