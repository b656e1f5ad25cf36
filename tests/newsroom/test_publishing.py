"""Who may put what into the paper through the admin, and that no field of it brings a script."""

import json
import re
from datetime import timedelta
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from justhtml import JustHTML

from accounts.models import User
from newsroom.models import Article, Photo, Topic
from tests import cast

Status = Article.Status
ADD = "/admin/newsroom/article/add/"

pytestmark = pytest.mark.django_db


def desk(somebody: User) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def address(article: Article, room: str = "change") -> str:
    return f"/admin/newsroom/article/{article.pk}/{room}/"


def form(article: Article | None = None, **more: Any) -> dict[str, Any]:
    """What the browser sends for this article, or for a new one, with some of it changed."""
    article = article or Article(section=cast.a_section(), headline="Rain", body="It rained.")
    facts = ["headline", "standfirst", "body", "dateline", "byline", "source", "slug", "language"]
    sent = {name: getattr(article, name) for name in facts}
    sent |= {"section": article.section_id, "status": article.status, "version": article.version}
    if article.published_at:
        sent |= {
            "published_at_0": f"{article.published_at:%Y-%m-%d}",
            "published_at_1": f"{article.published_at:%H:%M:%S}",
        }
    return sent | more


def draft(by: User, **more: Any) -> Article:
    facts: dict[str, Any] = {"author": by, "status": Status.DRAFT, "published_at": None}
    return cast.an_article("A draft", **(facts | more))


# Who may


def test_an_author_writes_and_submits(author: User) -> None:
    client = desk(author)
    assert client.post(ADD, form()).status_code == 302
    written = Article.objects.get()
    assert (written.author, written.byline, written.status) == (author, author.name, Status.DRAFT)
    client.post(address(written), form(written, status="submitted"))
    assert Article.objects.get().status == Status.SUBMITTED


@pytest.mark.parametrize("asked", ["published", "scheduled", "withdrawn", "nonsense"])
def test_an_author_publishes_nothing(author: User, asked: str) -> None:
    client, mine = desk(author), draft(author)
    forged: dict[str, Any] = {"published_at_0": "2026-01-01", "published_at_1": "12:00"}
    for more in ({"status": asked}, {"status": "submitted", "deed": "publish"}, {"deed": asked}):
        client.post(ADD, form(**(forged | more)))
        client.post(address(mine), form(mine, **(forged | more)))
    assert set(Article.objects.values_list("status", flat=True)) <= {"draft", "submitted"}
    assert not Article.objects.published().exists()
    assert not Article.objects.exclude(published_at=None).exists()


@pytest.mark.attack("A18", "A21")
def test_what_is_not_asked_for_cannot_be_forged(author: User, stranger: User) -> None:
    mine = draft(author)
    before: dict[str, Any] = {**Article.objects.values().get()}
    forged = {
        "author": stranger.pk, "author_id": stranger.pk, "body_html": "<script>1</script>",
        "external_id": "x", "imported": "x", "is_out": "on", "breaking": "on", "slug": "admin",
        "updated_at_0": "2026-01-01", "updated_at_1": "12:00", "substantive_at": "2026-01-01",
        "embargo_until_0": "2026-01-01", "embargo_until_1": "12:00", "source_url": "http://x.y",
        "id": "999", "pk": "999", "publish_article": "on",
    }  # fmt: skip
    desk(author).post(address(mine), form(mine, headline="Changed", **forged))
    after: dict[str, Any] = {**Article.objects.values().get()}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"headline", "version"}


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.WITHDRAWN, Status.SCHEDULED])
def test_an_author_does_not_change_what_is_out_or_goes_out(author: User, status: str) -> None:
    mine = cast.an_article("Out", author=author, status=status)
    answer = desk(author).post(address(mine), form(mine, headline="Changed"))
    assert answer.status_code == 403
    assert Article.objects.get().headline == "Out"


@pytest.mark.attack("A14")
def test_an_author_does_not_change_what_is_anothers(author: User) -> None:
    theirs = draft(cast.an_author("Ben Byline"))
    answer = desk(author).post(address(theirs), form(theirs, headline="Changed"))
    assert answer.status_code == 403
    assert Article.objects.get().headline == "A draft"


def test_an_editor_publishes_what_an_author_submitted(author: User, editor: User) -> None:
    waiting = draft(author, status=Status.SUBMITTED)
    assert desk(editor).post(address(waiting), form(waiting, status="published")).status_code == 302
    out = Article.objects.published().get()
    assert out.author == author
    assert out.published_at
    assert abs(timezone.now() - out.published_at) < timedelta(minutes=1)
    assert Client().get(out.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("who", [cast.a_reader, cast.a_moderator, None])
def test_nobody_else_writes(who: Any, author: User) -> None:
    client, theirs = desk(who()) if who else Client(), draft(author)
    for way in (ADD, address(theirs), "/admin/newsroom/section/add/", "/admin/newsroom/photo/add/"):
        assert client.post(way, form()).status_code in (302, 403)
    assert Article.objects.get().headline == "A draft"


@pytest.mark.parametrize("who", [cast.an_author, cast.an_editor, cast.an_admin])
def test_nobody_deletes_an_article(who: Any) -> None:
    client, out = desk(who()), cast.an_article()
    assert client.post(address(out, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [out.pk], "post": "yes"}
    client.post("/admin/newsroom/article/", chosen)
    assert Article.objects.exists()


def test_a_section_or_photo_in_use_is_not_deleted_and_an_author_may_go(admin: User) -> None:
    photo = Photo.objects.create(file="photos/x.jpg", alt="A bridge", width=1, height=1)
    writer = cast.a_reader()
    out = cast.an_article(lead_photo=photo, author=writer)
    for room in (f"section/{out.section_id}", f"photo/{photo.pk}"):
        desk(admin).post(f"/admin/newsroom/{room}/delete/", {"post": "yes"})
    assert Article.objects.get().lead_photo == photo
    writer.delete()
    assert Article.objects.get().author is None


# When readers are told of a change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"headline": "Other words"}, True),
        ({"standfirst": "Other words"}, True),
        ({"body": "Other words."}, True),
        ({"byline": "Somebody Else"}, False),
        ({"language": "ru"}, False),
        ({}, False),
    ],
)
def test_readers_are_told_when_words_of_a_published_article_change(
    editor: User, change: dict[str, str], told: bool
) -> None:
    out = cast.an_article()
    assert desk(editor).post(address(out), form(out, **change)).status_code == 302
    assert bool(Article.objects.get().updated_at) == told
    assert ("Updated" in Client().get(out.get_absolute_url()).content.decode()) == told


@pytest.mark.parametrize("status", ["draft", "submitted", "published"])
def test_what_was_not_out_yet_was_not_updated(editor: User, author: User, status: str) -> None:
    """Also where an editor dates it back: nobody read the first words."""
    mine = draft(author)
    dated = {"published_at_0": "2026-01-01", "published_at_1": "12:00:00"}
    more = dated | {"headline": "Other words", "status": status}
    assert desk(editor).post(address(mine), form(mine, **more)).status_code == 302
    assert Article.objects.get().headline == "Other words"
    assert Article.objects.get().updated_at is None


# No script

EVENTS = ["<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<p style=color:red onclick=x>"]
SCRIPTS = ["<script>alert(1)</script>", "</title><script>1</script>", "<ScRiPt src=//evil.example>"]
LINKS = [
    f'<a href="{scheme}alert(1)">x</a>'
    for scheme in [
        "javascript:",
        "JaVaScRiPt:",
        "jav&#x09;ascript:",
        " javascript:",
        "\x01javascript:",
        "java\nscript:",
        "javascript&colon;",
        "javascript：",
        "data:text/html,",
        "vbscript:",
        "//evil/",
    ]
]
FRAMES = [
    "<iframe src=//e.example>",
    "<form action=//e.example><input name=x>",
    "<base href=//e/>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//e>",
    "<style>*{}</style>",
    "<math><mi xlink:href=javascript:1>x</math>",
    "<object data=x>",
    "<embed src=x>",
]
BREAKS = ['"><script>1</script>', "'><script>1</script>", "--><script>1</script>", "]]><script>1"]
TEMPLATES = ["{{ 7|add:7 }}{% debug %}", "<noscript><p title='</noscript><img src=x onerror=1>'>"]
NESTED = [a[: len(a) // 2] + b + a[len(a) // 2 :] for a, b in product(SCRIPTS, EVENTS)]
HOSTILE = {
    "events": EVENTS,
    "scripts": SCRIPTS,
    "links": LINKS,
    "frames": FRAMES,
    "breaks": BREAKS + TEMPLATES,
    "nested": NESTED,
}

FIELDS = ["headline", "standfirst", "dateline", "source", "byline"]
OURS = re.compile(r"(http://testserver)?/(?!/)")
SCRIPTS_OF_OURS = ("/static/", "/admin/jsi18n/")


def assert_inert(html: str, where: str) -> None:
    for element in JustHTML(html, sanitize=False).query("*"):
        attributes = {name: value or "" for name, value in (element.attrs or {}).items()}
        seen = (where, element.name, attributes)
        assert not [name for name in attributes if name.startswith("on")], seen
        assert element.name not in ("iframe", "object", "embed", "base", "math", "style"), seen
        assert "http-equiv" not in attributes, seen
        if element.name == "script" and not attributes.get("src", "").startswith(SCRIPTS_OF_OURS):
            assert attributes.get("type", "").endswith(("json", "importmap")), seen
            json.loads("".join(str(child.data) for child in element.children or []))
        if element.name == "link":
            assert OURS.match(attributes["href"]), seen
        for name in ("src", "action", "formaction"):
            assert re.match("/(?!/)|[?#]|$", attributes.get(name, "")), seen
        assert re.match(r"https?://|mailto:|[^:]*$|[/?#]", attributes.get("href", "").strip()), seen


@pytest.mark.attack("A2")
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words_of_the_newsroom_are_inert_everywhere(kind: str, editor: User) -> None:
    visitor, client = Client(), desk(editor)
    for number, hostile in enumerate(HOSTILE[kind]):
        section = cast.a_section(f"s{number}", name=hostile[:60], description=hostile)
        words = dict.fromkeys(("alt", "caption", "credit"), hostile)
        photo = Photo.objects.create(file="photos/x.jpg", width=1, height=1, **words)
        words = dict.fromkeys([*FIELDS, "body"], hostile)
        out = cast.an_article(section=section, lead_photo=photo, slug=f"a{number}", **words)
        out.topics.add(Topic.objects.create(slug=f"t{number}", name=hostile))
        story = visitor.get(out.get_absolute_url()).content.decode()
        assert_inert(story, hostile)
        (title,) = JustHTML(story, sanitize=False).query("head title")
        assert title.to_text().split()[0] in hostile
    lists = ["/", "/s0/", "/newsfeed/", "/topics/t0/"]
    rooms = [f"/admin/newsroom/{room}/" for room in ("article", "photo", "section", "topic")]
    rooms += [address(out), f"/admin/newsroom/photo/{photo.pk}/change/"]
    for where in [*lists, *rooms]:
        answer = (visitor if where in lists else client).get(where)
        assert answer.status_code == 200
        assert_inert(answer.content.decode(), where)
    feed = ElementTree.fromstring(visitor.get("/feeds/atom/").content)
    for content in feed.iter("{http://www.w3.org/2005/Atom}content"):
        assert_inert(f"<!doctype html><body>{content.text}", "the feed")


def test_simple_markup_of_a_body_is_kept(client: Client) -> None:
    out = cast.an_article(
        body="One <b>two</b>\nthree.\n\n<h2>Four</h2>\n\n<ul><li>five</li></ul>"
        '\n\n<a href="https://example.org/?a=1&amp;b=2">six</a>'
    )
    html = client.get(out.get_absolute_url()).content.decode()
    assert "<p>One <b>two</b><br>three.</p>" in html
    assert "<h2>Four</h2>" in html
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noopener">six</a>' in html
