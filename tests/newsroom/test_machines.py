"""What machines read of the pages is what people see, says only what is public, and cannot be bent.

Feeds, sitemaps and posters have files of their own; the sweeps at the end go over all of them.
"""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from comments.models import Comment
from newsroom.markup import data_block
from newsroom.models import Article, Photo, Section, Topic
from newsroom.well_known import GOOD_UNTIL
from tests import cast
from tests.comments.acting import removed

pytestmark = pytest.mark.django_db

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
EVIL = "a]]>b</script><script>alert(1)</script><!--\u2028\u2029\x01\x0b&\"'<b>"


def page(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return answer.content.decode()


def data_of(html: str) -> dict[str, Any]:
    (found,) = DATA.findall(html)
    return json.loads(found)


def meta(html: str, name: str) -> str | None:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    return unescape(found[1]) if found else None


def canonical(html: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]*)">', html)


def surfaces(article: Article) -> list[str]:
    """Every address of this room, with the pages it adds to."""
    topic = article.topics.get()
    month = f"{article.published_at:%Y-%m}"
    parts = ["", f"{article.section.slug}/", f"topics/{topic.slug}/"]
    parts += [f"authors/{article.author.username}/"] if article.author else []
    feeds = [f"/feeds/{part}{form}/" for part in parts for form in ("atom", "rss")]
    sitemaps = [f"/sitemap{name}.xml" for name in ("", "-lists", "-news", f"-{month}")]
    lists = ["/", "/newsfeed/", article.section.get_absolute_url(), topic.get_absolute_url()]
    small = ["/robots.txt", "/.well-known/security.txt"]
    return feeds + sitemaps + lists + small + [article.get_absolute_url()]


def of_a_topic(article: Article, name: str = "Bridges") -> Article:
    article.topics.add(Topic.objects.get_or_create(slug="bridges", defaults={"name": name})[0])
    return article


def test_the_data_of_an_article_is_what_its_page_shows(client: Client) -> None:
    now = timezone.now()
    article = cast.an_article(
        byline="Anna Author", dateline="MOSCOW, 1 November", updated_at=now, language="en"
    )
    html = page(client, article.get_absolute_url())
    said = data_of(html)
    assert said["@type"] == "NewsArticle"
    assert f"<h1>{said['headline']}</h1>" in html
    assert f'<p class="standfirst">{said["description"]}</p>' in html
    assert f'<time datetime="{said["datePublished"]}"' in html
    assert f'<time datetime="{said["dateModified"]}"' in html
    assert said["datePublished"] < said["dateModified"]
    assert said["author"] == {"@type": "Person", "name": "Anna Author"}
    assert said["dateline"] in html
    assert said["articleSection"] == "World"
    assert said["inLanguage"] == "en"
    assert said["publisher"]["name"] == "The Newsroom"
    assert [said["mainEntityOfPage"]] == canonical(html)
    assert said["commentCount"] == 0
    assert "image" not in said
    assert "comment" not in said


def test_the_data_has_the_comments_that_the_page_shows(client: Client) -> None:
    article, reader, stranger = cast.an_article(), cast.a_reader(), cast.a_stranger()
    root = cast.a_comment(article, reader, "**Well** said.")
    reply = cast.a_comment(article, stranger, "Not at all <b>.", reply_to=root)
    other = cast.a_comment(article, stranger, "Next.")
    html = page(client, f"{article.get_absolute_url()}?sort=oldest")
    said = data_of(html)
    assert said["commentCount"] == 3
    first, second = said["comment"]
    assert first["text"] == "Well said."
    assert first["author"] == {"@type": "Person", "name": "Rita Reader"}
    assert first["url"] == f"http://testserver/comments/{root.pk}/"
    (below,) = first["comment"]
    assert below["text"] == "Not at all <b>."
    assert below["url"].endswith(f"/comments/{reply.pk}/")
    assert second["url"].endswith(f"/comments/{other.pk}/")
    assert html.index(f'id="c{root.pk}"') < html.index(f'id="c{other.pk}"')


def test_replies_below_what_is_gone_stay_in_the_data(client: Client) -> None:
    article, reader = cast.an_article(), cast.a_reader()
    root = cast.a_comment(article, reader, "Gone canary.")
    cast.a_comment(article, reader, "An answer.", reply_to=root)
    root.withdraw()
    html = page(client, article.get_absolute_url())
    assert "canary" not in html
    assert [comment["text"] for comment in data_of(html)["comment"]] == ["An answer."]


def test_search_engines_quote_picks_alone(client: Client) -> None:
    article, reader = cast.an_article(), cast.a_reader()
    pick = cast.a_comment(article, reader, "Picked.")
    cast.a_comment(article, reader, "Plain.")
    Comment.objects.filter(pk=pick.pk).update(picked_at=timezone.now())
    html = page(client, article.get_absolute_url())
    assert re.search(r'<div class="text" dir="auto"><p>Picked', html)
    assert re.search(r'<div class="text" dir="auto" data-nosnippet><p>Plain', html)


def test_an_article_says_how_it_looks_when_shared(client: Client) -> None:
    photo = Photo.objects.create(file="photos/a.jpg", alt="A bridge", width=1600, height=900)
    article = cast.an_article(lead_photo=photo, language="ru", byline="Anna Author")
    html = page(client, f"{article.get_absolute_url()}?sort=newest")
    assert meta(html, "og:type") == "article"
    assert meta(html, "og:title") == article.headline
    assert meta(html, "og:description") == meta(html, "description") == article.standfirst
    assert [meta(html, "og:url")] == canonical(html)
    assert meta(html, "og:locale") == "ru_RU"
    assert meta(html, "og:image") == "http://testserver/media/photos/a.jpg"
    assert (meta(html, "og:image:width"), meta(html, "og:image:alt")) == ("1600", "A bridge")
    assert meta(html, "twitter:card") == "summary_large_image"
    assert f'<time datetime="{meta(html, "article:published_time")}"' in html
    assert meta(html, "article:section") == "World"
    assert data_of(html)["image"] == "http://testserver/media/photos/a.jpg"


def test_lists_show_the_picture_of_their_first_article(client: Client) -> None:
    photo = Photo.objects.create(file="photos/a.jpg", alt="A bridge", width=1600, height=900)
    of_a_topic(cast.an_article(lead_photo=photo))
    for address, title in (
        ("/", "The Newsroom"),
        ("/world/", "World"),
        ("/topics/bridges/", "Bridges"),
    ):
        html = page(client, address)
        assert meta(html, "og:title") == title
        assert meta(html, "og:url") == f"http://testserver{address}"
        assert meta(html, "og:image") == "http://testserver/media/photos/a.jpg"


def test_an_empty_list_has_no_picture(client: Client) -> None:
    cast.a_section()
    html = page(client, "/world/")
    assert meta(html, "og:image") is None
    assert meta(html, "twitter:card") == "summary"


def test_pages_lead_to_their_feeds(client: Client) -> None:
    article = of_a_topic(cast.an_article(author=cast.an_author()))
    for address, feeds in {
        "/": ["/feeds/atom/", "/feeds/rss/"],
        "/world/": ["/feeds/world/atom/", "/feeds/world/rss/"],
        "/topics/bridges/": ["/feeds/topics/bridges/atom/", "/feeds/topics/bridges/rss/"],
        article.get_absolute_url(): [
            "/feeds/world/atom/",
            "/feeds/world/rss/",
            "/feeds/authors/anna-author/atom/",
            "/feeds/authors/anna-author/rss/",
        ],
    }.items():
        html = page(client, address)
        found = re.findall(
            r'<link rel="alternate" type="application/\w+\+xml"[^>]*href="(.*?)"', html
        )
        assert set(feeds) <= set(found)
        assert all(client.get(feed).status_code == 200 for feed in found)


@pytest.mark.parametrize(
    ("address", "one"),
    [
        ("{article}?sort=newest&utm_source=x", "{article}"),
        ("/discussions/{id}/?sort=oldest", "{article}"),
        ("/world/?after=", "/world/"),
        ("/newsfeed/?section=world", "/newsfeed/"),
        ("/topics/bridges/?x=1", "/topics/bridges/"),
        ("/?utm_source=x", "/"),
        ("/accounts/login/?next=/world/", "/accounts/login/"),
    ],
)
def test_a_page_with_variants_names_the_one(client: Client, address: str, one: str) -> None:
    article = of_a_topic(cast.an_article("Мост открыт"))
    words = {"article": article.get_absolute_url(), "id": str(article.pk)}
    html = page(client, address.format(**words))
    assert canonical(html) == [f"http://testserver{one.format(**words)}"]


def test_a_refusal_has_no_canonical_address(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert canonical(answer.content.decode()) == []


def test_robots_are_kept_from_deeds_and_shown_the_sitemap(client: Client) -> None:
    lines = page(client, "/robots.txt").splitlines()
    for closed in ("/accounts/", "/admin/", "/me/", "/search/", "/comments/*/reply/"):
        assert f"Disallow: {closed}" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_whom_to_tell_of_a_hole(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = "mailto:holes@paper.example"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ") for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:holes@paper.example"
    assert said["Expires"] == f"{GOOD_UNTIL:%Y-%m-%dT%H:%M:%SZ}"
    assert timezone.now() < GOOD_UNTIL < timezone.now() + timedelta(days=365)
    assert said["Canonical"] == "http://testserver/.well-known/security.txt"


def test_password_managers_find_where_to_change_one(client: Client) -> None:
    answer = client.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/change/")


@pytest.mark.attack("A6")
@pytest.mark.parametrize(
    "evil", ["</script>", "<!--<script>", "]]>", "\u2028\u2029", "&lt;", "\x01"]
)
def test_data_never_leaves_its_block(evil: str) -> None:
    block = data_block({"text": evil})
    assert not re.search("[<>&\u2028\u2029\x00-\x1f]", block)
    assert json.loads(block) == {"text": evil}


# The sweeps


@pytest.mark.attack("A2", "A6")
def test_nothing_in_a_field_can_break_out(client: Client) -> None:
    photo = Photo.objects.create(file="photos/a.jpg", alt=EVIL, width=16, height=9)
    a_reader = cast.a_reader("Eve", username="eve")
    a_reader.name = EVIL[:30]
    a_reader.save()
    section = Section.objects.create(slug="evil", name=EVIL[:60], description=EVIL)
    article = of_a_topic(
        cast.an_article(
            EVIL, section=section, standfirst=EVIL, body=EVIL, byline=EVIL, dateline=EVIL[:80],
            source=EVIL, lead_photo=photo, author=a_reader, language="en",
            source_url="https://evil.example/?</script>",
        ),
        name=EVIL,
    )  # fmt: skip
    cast.a_comment(article, a_reader, EVIL)
    plain = of_a_topic(cast.an_article("Plain"))
    scripts = page(client, plain.get_absolute_url()).count("<script")
    for address in surfaces(article):
        said = page(client, address)
        if address.endswith((".xml", "/atom/", "/rss/")):
            ElementTree.fromstring(said.encode())
        else:
            assert "alert(1)</script>" not in said
            assert said.count("<script") <= scripts
    data = data_of(page(client, article.get_absolute_url()))
    assert data["headline"] == data["description"] == data["author"]["name"] == EVIL
    assert "alert(1)" in data["comment"][0]["text"]


@pytest.mark.attack("A25")
def test_no_address_comes_from_the_request(client: Client, settings: Settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://paper.example", ["*"]
    settings.SECURITY_CONTACT = "mailto:security@paper.example"
    article = of_a_topic(cast.an_article(author=cast.an_author()))
    cast.a_comment(article, cast.a_reader())
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    for address in surfaces(article):
        said = page(client, address, headers=evil)
        assert "evil.example" not in said, address
        assert "testserver" not in said, address


@pytest.mark.attack("A25")
def test_a_host_that_is_not_ours_gets_nothing(client: Client) -> None:
    article = of_a_topic(cast.an_article())
    for address in surfaces(article):
        if "/feeds/" in address:
            assert client.get(address, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.attack("A38")
def test_what_is_hidden_is_in_none_of_them(client: Client) -> None:
    tomorrow, status = timezone.now() + timedelta(days=1), Article.Status
    author, section = cast.an_author(), cast.a_section()
    shown = of_a_topic(cast.an_article("Shown", author=author))
    states: list[dict[str, Any]] = [
        {"status": status.DRAFT},
        {"status": status.SUBMITTED},
        {"status": status.SCHEDULED, "published_at": tomorrow},
        {"status": status.PUBLISHED, "published_at": tomorrow},
        {"status": status.WITHDRAWN},
    ]
    for n, more in enumerate(states):
        canary = cast.an_article(f"canary {n}", section=section, author=author, **more)
        of_a_topic(canary)
    hidden = Topic.objects.create(slug="canary-topic", name="A canary")
    hidden.articles.add(Article.objects.get(headline="canary 0"))
    reader, moderator = cast.a_reader(), cast.a_moderator()
    cast.a_comment(shown, reader, "canary waiting", held_because="a link")
    cast.a_comment(shown, reader, "canary withdrawn").withdraw()
    offence = cast.a_comment(shown, reader, "canary removed")
    page(client, shown.get_absolute_url())  # so that a page with it is in the cache
    removed(offence, moderator)
    narrow = [address for address in surfaces(shown) if address != "/newsfeed/"]
    for address in narrow:
        assert "canary" not in page(client, address), address
