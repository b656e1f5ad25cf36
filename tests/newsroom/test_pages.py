"""The paper's pages: what stands on them, what does not, and the pages that say no."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import translation
from justhtml import JustHTML

from accounts.models import User
from newsroom.keyset import cursor
from newsroom.models import Article, Correction, Section
from newsroom.models.section import TAKEN
from newsroom.newsfeed import PAGE
from tests import cast

NOON = datetime(2024, 5, 14, 12, 0, 0, 123_457, tzinfo=UTC)
LATER = NOON.replace(year=2200)
LISTS = ["/", "/world/", "/newsfeed/"]
Status = Article.Status

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def found(html: str, selector: str) -> list[Any]:
    return JustHTML(html, sanitize=False).query(selector)


def listed(html: str) -> list[str]:
    return [link.to_text() for link in found(html, "main .day h3 a")]


def older(html: str) -> str | None:
    links = found(html, ".pages a[rel=next]")
    return links[0].attrs["href"] if links else None


# Lists


@pytest.mark.parametrize("address", ["/newsfeed/", "/world/"])
@pytest.mark.parametrize("step", [timedelta(), timedelta(microseconds=1), timedelta(seconds=-41)])
def test_every_article_stands_on_exactly_one_page_of_a_list(
    client: Client, address: str, step: timedelta
) -> None:
    """Also where all of them are of one moment, and where moments differ by a millionth."""
    wanted = {f"Number {n}" for n in range(2 * PAGE + 5)}
    section = cast.a_section()
    for n in range(2 * PAGE + 5):
        cast.an_article(f"Number {n}", section=section, published_at=NOON + n * step)
    shown: list[str] = []
    pages = 0
    query: str | None = ""
    while query is not None:
        html = page(client, address + query)
        shown += listed(html)
        query, pages = older(html), pages + 1
    assert pages == 3
    assert sorted(shown) == sorted(wanted)


def test_a_page_does_not_move_when_something_new_is_published(client: Client) -> None:
    for n in range(PAGE + 3):
        cast.an_article(f"Number {n}", published_at=NOON - timedelta(minutes=n))
    second = older(page(client, "/newsfeed/"))
    before = listed(page(client, f"/newsfeed/{second}"))
    cast.an_article("Just now")
    assert listed(page(client, f"/newsfeed/{second}")) == before


def raw(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.attack("A45")
@pytest.mark.parametrize(
    "garbage",
    [
        "x", "!!!", "%00", "é", "null", "1", "../../etc/passwd", "' OR 1=1 --", "%ff%fe", "=" * 9,
        *map(raw, ["null", "1", '"newsfeed"', "[]", "{}", '["newsfeed"]', '["newsfeed", 1]']),
        raw('["newsfeed", 1, 2, 3]'), raw('["newsfeed", "1", "2"]'), raw('["newsfeed", null, 1]'),
        raw('["newsfeed", true, 1]'), raw('["newsfeed", 1.5, 1]'), raw('["newsfeed", NaN, 1]'),
        raw('["newsfeed", 1e400, 1]'), raw('["newsfeed", [1], {"a": 1}]'),
        raw(json.dumps(["newsfeed", 2**63, 1])), raw(json.dumps(["newsfeed", 1, -(2**63)])),
        raw(json.dumps(["newsfeed", 10**400, 1])), raw("[" * 1000), raw("[" * 6000),
        cursor("newest", 1, 2), cursor("newsfeed", "x", "y"),
        cursor("newsfeed", 2**62, 1), cursor("newsfeed", -(2**62), 1),  # no calendar has them
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/newsfeed/", "/world/"])
def test_a_cursor_that_we_did_not_make_is_refused_in_words(
    client: Client, section: Section, address: str, garbage: str
) -> None:
    answer = client.get(f"{address}?after={quote(garbage, safe='%')}")
    assert answer.status_code == 400
    assert "That did not make sense to us" in answer.content.decode()


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_a_cursor_from_the_edge_of_the_calendar_is_a_page(client: Client, year: int) -> None:
    cast.an_article()
    microseconds = (datetime(year, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // (
        timedelta(microseconds=1)
    )
    html = page(client, f"/newsfeed/?after={cursor('newsfeed', microseconds, 1)}")
    assert len(listed(html)) == (1 if year == 9999 else 0)


@pytest.mark.attack("A45")
@pytest.mark.parametrize("query", ["section=nowhere", "topic=%F0%9F"])
def test_a_filter_for_what_there_is_not_is_not_found(
    client: Client, section: Section, query: str
) -> None:
    page(client, f"/newsfeed/?{query}", status=404)


@pytest.mark.parametrize("address", [*LISTS, "/feeds/atom/", "/chats/", "/corrections/"])
def test_an_empty_paper_has_its_pages(client: Client, section: Section, address: str) -> None:
    page(client, address)


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_that_it_is_empty(
    client: Client, section: Section, address: str
) -> None:
    assert "Nothing is published" in page(client, address)


# Queries: a ceiling for each, and the same for few articles as for many.

CEILINGS = {"/": 8, "/newsfeed/": 8, "/world/": 8, "/feeds/atom/": 2, "article": 14}


@pytest.mark.attack("A44")
@pytest.mark.parametrize("address", CEILINGS)
def test_a_page_takes_as_many_queries_for_200_articles_as_for_5(
    client: Client, address: str
) -> None:
    first, section = cast.an_article("The first"), cast.a_section()
    path = first.get_absolute_url() if address == "article" else address
    taken = []
    for wanted in (9, 200):
        now = Article.objects.count()
        Article.objects.bulk_create(
            Article(
                section=section,
                headline=f"Number {n}",
                slug=f"number-{n}",
                body="x",
                status=Status.PUBLISHED,
                published_at=NOON + timedelta(minutes=n),
            )
            for n in range(now, wanted)
        )
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            page(client, path)
        taken.append(len(queries))
    assert taken[0] == taken[1] <= CEILINGS[address], [q["sql"][:90] for q in queries]


# Articles

HIDDEN = {
    "draft": {"status": Status.DRAFT, "published_at": None},
    "a draft that was out": {"status": Status.DRAFT},
    "submitted": {"status": Status.SUBMITTED, "published_at": None},
    "scheduled": {"status": Status.SCHEDULED, "published_at": LATER},
    "of tomorrow": {"published_at": LATER},
}
EVERYBODY = [None, cast.a_reader, cast.an_author, cast.a_moderator, cast.an_editor, cast.an_admin]


@pytest.mark.attack("A38")
@pytest.mark.parametrize("facts", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_out_is_not_there_for_anybody(facts: dict) -> None:
    hidden = cast.an_article("The canary sings", slug="bird", **facts)
    for somebody in EVERYBODY:
        client = Client()
        if somebody:
            client.force_login(somebody())
        html = page(client, hidden.get_absolute_url(), status=404)
        assert "canary" not in html
        for address in (*LISTS, "/feeds/atom/", "/chats/"):
            assert "canary" not in page(client, address), address
        assert client.get(f"/discussions/{hidden.pk}/").status_code == 404


def test_a_withdrawn_article_is_gone_with_a_sentence(client: Client, reader: User) -> None:
    gone = cast.an_article("The canary sings", slug="bird", status=Status.WITHDRAWN)
    for _ in ("a visitor", "a reader"):
        html = page(client, gone.get_absolute_url(), status=410)
        assert "The newsroom has withdrawn this article." in html
        assert "canary" not in html
        for address in (*LISTS, "/feeds/atom/"):
            assert "canary" not in page(client, address)
        client.force_login(reader)


@pytest.mark.parametrize("date", ["2024/05/13", "2024/06/14", "1999/05/14", "0000/00/00"])
@pytest.mark.parametrize("slug", ["the-bridge", "мост-открыт", "Мост", "a_b", "桥", "-"])
def test_a_wrong_date_leads_to_the_right_address_at_once(
    client: Client, date: str, slug: str
) -> None:
    article = cast.an_article(slug=slug, published_at=NOON)
    answer = client.get(f"/{date}/{quote(slug)}/", follow=True)
    assert answer.redirect_chain == [(article.get_absolute_url(), 301)]
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/2024/05/14/nothing-like-it/",
        "/2024/5/14/the-bridge/",
        "/20240/05/14/the-bridge/",
        "/2024/05/14/the-bridge%2f/",
        "/nowhere/",
        "/nowhere",
        "/world/nowhere/",
        "/.env",
        "/.git/config",
        "/%ff%fe/",
        "/" + "x" * 3000 + "/",
        "/people//",
    ],
)
def test_an_address_of_nothing_is_not_found(client: Client, section: Section, address: str) -> None:
    cast.an_article(slug="the-bridge", published_at=NOON)
    answer = client.get(address, follow=True)
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


@pytest.mark.attack("A45")
@pytest.mark.parametrize(
    "address",
    ["/newsfeed/?section=%00", "/newsfeed/?topic=x%00y", "/topics/%00/", "/media/%00", "/%00/"]
    + ["/2024/05/14/the%00bridge/", "/admin/newsroom/article/?q=%00", "/?%00", "/rules/%00/"],
)
def test_an_address_with_a_nul_is_refused_in_words(
    client: Client, admin: User, address: str
) -> None:
    client.force_login(admin)
    assert "That did not make sense to us" in page(client, address, status=400)


def test_an_article_names_its_one_address(client: Client) -> None:
    article = cast.an_article(slug="мост", published_at=NOON)
    html = page(client, f"{article.get_absolute_url()}?sort=oldest&utm_source=x")
    (link,) = found(html, "link[rel=canonical]")
    assert link.attrs["href"] == "http://testserver/2024/05/14/%D0%BC%D0%BE%D1%81%D1%82/"


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", ("ru", None)), ("ar", ("ar", "rtl")), ("ps", ("ps", "auto")), ("en", (None, None))],
)
def test_an_article_in_another_language_says_which_and_how_it_runs(
    client: Client, language: str, said: tuple[str | None, str | None]
) -> None:
    article = cast.an_article(language=language, standfirst="So it was.")
    Correction.objects.create(article=article, text="It was not so.")
    story = page(client, article.get_absolute_url())
    words = found(story, ".story h1, .story .standfirst") + found(story, ".story .body")[:1]
    words += found(story, ".correction > span") + found(story, ".rail .feed a[href]")
    words += found(page(client, "/newsfeed/"), ".card h3, .card .standfirst")
    words += found(page(client, "/corrections/"), ".kicker a, .corrections p > span")
    assert len(words) >= 8
    assert {(each.attrs.get("lang"), each.attrs.get("dir")) for each in words} == {said}
    ours = found(story, ".story, .story .byline, .breadcrumb, .correction > b")
    assert not any("lang" in each.attrs for each in ours)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_no_method_changes_a_page_of_the_paper(client: Client, method: str) -> None:
    article = cast.an_article()
    before = Article.objects.values().get()
    for address in ("/", "/newsfeed/", "/world/", article.get_absolute_url()):
        assert getattr(client, method)(address).status_code < 500
    assert Article.objects.values().get() == before


# Sections


@pytest.mark.parametrize("slug", [*sorted(TAKEN), "2024", "0", "a b", "ä", "a/b", "", "<b>"])
def test_a_section_cannot_hide_an_address_of_the_site(slug: str) -> None:
    with pytest.raises(ValidationError):
        Section(slug=slug, name="Hiding").full_clean()


def test_every_first_word_of_our_addresses_is_kept_from_sections() -> None:
    """A new room that forgets to be on the list is found here."""
    words = {address.partition("/")[0] for address in addresses()}
    assert {word for word in words if slug_re.fullmatch(word)} <= TAKEN


def addresses() -> Iterator[str]:
    for each in get_resolver().url_patterns:
        inner = [] if str(each.pattern) else getattr(each, "url_patterns", [])
        yield from (str(address.pattern).lstrip("^") for address in inner or [each])


def test_a_section_shows_its_description_and_its_own_articles(client: Client) -> None:
    cast.an_article("Ours", section=cast.a_section("world", description="From <all> over."))
    cast.an_article("Theirs", section=cast.a_section("sport"))
    html = page(client, "/world/")
    assert "From &lt;all&gt; over." in html
    assert listed(html) == ["Ours"]


# The pages that say no


@pytest.mark.parametrize("who", ["visitor", "reader"])
def test_a_refusal_has_our_layout_and_a_way_on(client: Client, reader: User, who: str) -> None:
    gone = cast.an_article("Withdrawn", status=Status.WITHDRAWN).get_absolute_url()
    if who == "reader":
        client.force_login(reader)
    for address, status in [("/newsfeed/?after=x", 400), ("/nowhere/", 404), (gone, 410)]:
        html = page(client, address, status)
        assert 'class="masthead"' in html
        assert 'href="/newsfeed/">Newsfeed</a></p>' in html


@pytest.mark.attack("A25")
def test_a_forged_host_is_refused_in_words(client: Client, reader: User) -> None:
    for _ in ("a visitor", "a reader"):
        answer = client.get("/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode()
        client.force_login(reader)


def test_who_may_not_is_told_and_led_on(client: Client, author: User) -> None:
    client.force_login(author)
    html = page(client, "/admin/accounts/user/", status=403)
    assert "This is not open to you" in html
    assert 'class="masthead"' in html


def test_what_breaks_says_so_without_a_word_about_how(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret of /srv/newsroom")

    monkeypatch.setattr("newsroom.models.article.Articles.published", broken)
    answer = Client(raise_request_exception=False).get("/newsfeed/")
    assert answer.status_code == 500
    assert "It was not you." in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_the_page_for_a_fault_needs_nothing() -> None:
    """No database, no request, no list of files: only the words in the reader's language."""
    text = (Path(settings.BASE_DIR) / "templates" / "500.html").read_text()
    assert set(re.findall(r"{%\s*(\w+)", text)) <= {
        "load",
        "translate",
        "get_current_language",
        "get_current_language_bidi",
    }
    assert set(re.findall(r"{{\s*(\w+)", text)) == {"LANGUAGE_CODE", "BIDI"}
    with translation.override("ar"), CaptureQueriesContext(connection) as queries:
        said = render_to_string("500.html")
    assert '<html lang="ar" dir="rtl">' in said
    assert not queries


@pytest.mark.attack("A36")
def test_too_much_at_once_is_refused_in_words(client: Client) -> None:
    answer = client.post("/accounts/login/", {"text": "x" * (1024 * 1024 + 1)})
    assert answer.status_code == 413
    assert "larger than one megabyte" in answer.content.decode()


@pytest.mark.attack("A36")
def test_too_many_fields_are_refused_in_words(client: Client) -> None:
    answer = client.post("/accounts/login/", {f"field{n}": "x" for n in range(300)})
    assert answer.status_code == 400
    assert 'class="masthead"' in answer.content.decode()
