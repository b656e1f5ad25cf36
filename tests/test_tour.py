"""The product in one walk: published, read, joined, discussed, reported, removed, restored."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import RulesAcceptance, User
from comments.models import Comment, Draft, StatementOfReasons
from newsroom.models import Article, LiveEvent
from tests import cast
from tests.newsroom.mailing import work

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == status
    return response.content.decode()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_whole_line() -> None:
    editor, moderator = cast.an_editor(), cast.a_moderator()
    section = cast.a_section("russia", description="From Kaliningrad to Kamchatka.")

    # An editor writes an article in the admin and publishes it.
    desk = logged_in(editor)
    form = {
        "section": section.pk,
        "headline": "Ministers meet in Moscow",
        "standfirst": "Neither promised more than another talk.",
        "dateline": "MOSCOW, 1 November 2006",
        "source": "Own correspondent",
        "byline": "Inga Petrova",
        "body": "They met on Wednesday.\n\nThey will meet again.",
        "language": "en",
        "status": "published",
    }
    assert desk.post("/admin/newsroom/article/add/", form).status_code == 302
    article = Article.objects.get()
    address = article.get_absolute_url()
    assert article.author == editor

    # It stands on the front page, in its section, in the newsfeed and at its own address.
    visitor = Client()
    for list_page in ("/", "/russia/", "/newsfeed/"):
        assert f'href="{address}"' in page(visitor, list_page)
    assert "From Kaliningrad to Kamchatka." in page(visitor, "/russia/")
    story = page(visitor, address)
    assert "<p>They will meet again.</p>" in story
    assert "To participate in the discussion, log in or register." in story

    # The visitor writes first, and is led to the registration.
    gate = visitor.post(
        f"/discussions/{article.pk}/draft/",
        {"text": "The post matters more than the summit.", "then": "register"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert gate.status_code == 302
    assert gate["Location"].startswith("/accounts/signup/?next=")
    assert gate["Location"].endswith("%23composer")
    joining = {
        "email": "marta@example.com",
        "name": "Marta Lindqvist",
        "password1": "letters-take-three-weeks",
        "rules": "on",
        "next": f"{address}#composer",
    }
    assert "Check your mail" in page_of(visitor.post("/accounts/signup/", joining, follow=True))
    marta = User.objects.get(email="marta@example.com")
    assert (marta.name, marta.username) == ("Marta Lindqvist", "marta-lindqvist")
    assert RulesAcceptance.objects.get(person=marta).rulebook.version == 1

    # The mail's link is opened in another browser: the words are there after logging in.
    work()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    phone = Client()
    assert "marta@example.com" in page(phone, link[1])
    to_log_in = phone.post(link[1])
    assert to_log_in["Location"].startswith("/accounts/login/?next=")
    credentials = {"login": "marta@example.com", "password": "letters-take-three-weeks"}
    back = phone.post(to_log_in["Location"], credentials | {"next": f"{address}#composer"})
    assert back["Location"] == f"{address}#composer"
    composer = page(phone, address)
    assert "The post matters more than the summit.</textarea>" in composer

    # She posts it; a double click makes no second one; everybody reads it.
    key = re.search(r'name="key" value="([^"]+)"', composer)
    assert key
    words = {"text": "The post matters *more* than the summit.", "key": key[1]}
    first = phone.post(f"/discussions/{article.pk}/", words)
    again = phone.post(f"/discussions/{article.pk}/", words)
    comment = Comment.objects.get()
    assert first["Location"] == again["Location"] == f"{address}?sort=newest#c{comment.pk}"
    assert not Draft.objects.exists()
    assert "matters <em>more</em> than" in page(visitor, address)
    assert "1 comment" in page(visitor, "/newsfeed/")

    # Somebody answers and recommends, and reports another.
    reader = cast.a_reader()
    rita = logged_in(reader)
    rita.post(f"/comments/{comment.pk}/reply/", {"text": "Ours go through Istanbul."})
    reply = Comment.objects.get(root=comment)
    assert f"▲ {0}" in page(visitor, address)
    rita.post(f"/comments/{comment.pk}/recommend/")
    rita.post(f"/comments/{comment.pk}/recommend/")
    assert "▲ 1" in page(visitor, address)
    assert "Ours go through Istanbul." in page(visitor, f"/comments/{reply.pk}/")
    phone.post(f"/comments/{reply.pk}/report/", {"kind": "off-topic", "note": "Not about Moscow."})

    # A moderator finds the report and removes the reply, under a clause and with a reason.
    moderation = logged_in(moderator)
    assert "Ours go through" in page(moderation, "/admin/desk/reported/")
    case = page(moderation, f"/admin/desk/comment/{reply.pk}/")
    assert "Not about Moscow." in case
    clause = re.search(r'<option value="(\d+)">3\. Keep to the subject', case)
    assert clause
    decision = {
        "deed": "remove",
        "revision": 1,
        "remove-clause": clause[1],
        "remove-facts": "The talks are the subject.",
    }
    moderation.post(f"/admin/desk/comment/{reply.pk}/", decision)
    assert "Ours go through Istanbul." not in page(visitor, address)
    page(visitor, f"/comments/{reply.pk}/", status=404)

    # Its author reads what was removed, why, and under which rule; nobody else does.
    mine = page(rita, "/me/")
    assert "Ours go through Istanbul." in mine
    assert "The talks are the subject." in mine
    statement = StatementOfReasons.objects.get()
    assert "3. Keep to the subject." in page(rita, statement.get_absolute_url())
    page(phone, statement.get_absolute_url(), status=404)

    # It was a mistake: the moderator restores it, and all is as it was.
    moderation.post(f"/admin/desk/comment/{reply.pk}/", {"deed": "restore"})
    assert "Ours go through Istanbul." in page(visitor, address)
    assert "was reversed" in page(rita, statement.get_absolute_url())
    told = list(LiveEvent.objects.filter(topic=f"discussion:{article.pk}").order_by("id"))
    assert [event.kind for event in told] == [
        "comment",
        "comment",
        "recommend",
        "remove",
        "restore",
    ]


def page_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()
