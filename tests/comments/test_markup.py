"""What readers and editors type can be shown: nothing in it runs, and none of it is slow."""

import re
import sys
from html import unescape
from itertools import product
from typing import Any

import pytest
from justhtml import JustHTML

from newsroom import markup
from tests.hostile import COMMENTS, HOSTILE, QUOTES, addresses


def links() -> list[str]:
    return [
        f"<a href={quote}{address}{quote}>y</a>"
        for address, quote in product(addresses(), QUOTES[:4])
    ]


def pictures() -> list[str]:
    ours = f"/media/photos/{'0' * 24}.jpg"
    sources = [*addresses(), "//a" + ours, "https://a.example" + ours, ours + "?x", ours + "\n"]
    sources += [f"/media/photos/../{'0' * 24}.jpg", ours.replace("jpg", "svg"), ours.upper()]
    forms = ["<img src={0}{1}{0}>", "<img alt='>' src={0}{1}{0}>", "<img src={0}{1}{0} width=9e9>"]
    forms += ["<img src={0}{1}{0} srcset=x>", "<figure><img alt={0}<b>{0} src={0}{1}{0}>"]
    return [
        form.format(quote, source)
        for form, quote, source in product(forms, QUOTES[:4], [ours, *sources])
    ]


ARTICLES = HOSTILE + links() + pictures() + [f"<p>{text}</p>\n\n<h2>{text}" for text in HOSTILE]
SAFE = {"http", "https", "mailto"}
OUR_PHOTO = r"/media/photos/[0-9a-f]{24}\.jpg"
OF_A_PHOTO = {"alt", "width", "height", "loading"}


def elements(html: str) -> list[Any]:
    """Everything a browser would build of it."""
    found, left = [], [JustHTML(f"<body>{html}", sanitize=False).root]
    while left:
        node = left.pop()
        left += node.children or []
        found.append(node)
    skeleton = {"html", "head", "body", "#text", "#document", "#document-fragment"}
    return [node for node in found if node.name not in skeleton]


def scheme(address: str) -> str:
    """What a browser takes for the scheme; https where the page's own counts."""
    squeezed = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33))))
    found = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", squeezed)
    return found[1].lower() if found else "https"


def faults(html: str, tags: set[str], rel: str) -> list[str]:
    """What should not be there: tags, attributes, schemes, links that vouch for their target."""
    found = []
    for element in elements(html):
        attributes = dict(element.attrs or {})
        if element.name not in tags:
            found.append(f"a {element.name}")
        if element.name == "a":
            if attributes.pop("rel", None) != rel:
                found.append("a link without rel")
            if scheme(attributes.pop("href", "")) not in SAFE:
                found.append("a link elsewhere")
        if element.name == "img":
            if not re.fullmatch(OUR_PHOTO, attributes.pop("src", "")):
                found.append("a picture from elsewhere")
            attributes = {name: attributes[name] for name in attributes.keys() - OF_A_PHOTO}
        found += [f"{element.name} {name}" for name in attributes]
    return found


def test_there_are_enough_of_them() -> None:
    assert len(COMMENTS) == len(set(COMMENTS)) > 2000
    assert len(set(ARTICLES)) > 500


@pytest.mark.parametrize(
    "html",
    ["<script>x()</script>", "<p onclick=x()>", "<a href=/>y</a>", "<svg><a/></svg>"],
)
def test_faults_are_found(html: str) -> None:
    assert faults(html, markup.COMMENT_TAGS, "nofollow ugc noopener")


@pytest.mark.parametrize("address", ["javascript:x()", " java\tscript:x()", "\x01DATA:x"])
def test_schemes_are_told_as_a_browser_does(address: str) -> None:
    assert scheme(address) not in SAFE


@pytest.mark.attack("A1", "A3", "A12")
def test_nothing_in_a_comment_is_more_than_words() -> None:
    rel = "nofollow ugc noopener"
    bad = {
        text: found
        for text in COMMENTS
        if (found := faults(markup.render_comment(text), markup.COMMENT_TAGS, rel))
    }
    assert bad == {}


@pytest.mark.attack("A2")
def test_nothing_in_an_article_is_more_than_its_simple_html() -> None:
    bad = {
        text: found
        for text in ARTICLES
        if (found := faults(markup.clean_article(text), markup.ARTICLE_TAGS, "noopener"))
    }
    assert bad == {}


def test_what_is_clean_stays_as_it_is() -> None:
    for text in HOSTILE:
        once = markup.clean_article(text)
        assert markup.clean_body(once) == once


@pytest.mark.attack("A4", "A13")
def test_words_are_never_lost_by_being_hostile() -> None:
    """HTML is no markup of comments: it is shown as it was typed."""
    for text in ("<script>x()</script>", "<b>bold</b>", "a < b > c & d", "<img src=x onerror=y>"):
        assert unescape(markup.text_of(markup.render_comment(text))) == text


@pytest.mark.attack("A4")
def test_an_excerpt_is_one_line_of_plain_words() -> None:
    for text in HOSTILE:
        words = markup.text_of(markup.render_comment(text))
        assert "\n" not in words
        assert not re.search(r"<!--\d+-->", markup.render_comment(words))


def test_the_small_markdown_is_what_it_says() -> None:
    said = markup.render_comment("*a* **b** ~~c~~ `d`\ne\n\n> f\n\n- g\n\n[h](https://h.example)")
    assert re.findall(r"<(\w+)", said) == (
        ["p", "em", "strong", "s", "code", "br", "blockquote", "p", "ul", "li", "p", "a"]
    )


@pytest.mark.attack("A12")
@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("<https://a.example/?b&c>", "https://a.example/?b&c"),
        ("https://пример.испытание/", "https://xn--e1afmkfd.xn--80akhbyknj4f/"),
    ],
)
def test_a_link_ends_where_a_reader_thinks(text: str, address: str) -> None:
    html = markup.render_comment(text)
    found = re.search('href="([^"]*)"', html)
    assert found
    assert unescape(found[1]) == address


@pytest.mark.attack("A12")
@pytest.mark.parametrize(
    "text", ["example.com", "a@example.com", "ftp://a.example", "//a.example", "tel:+1"]
)
def test_what_only_looks_like_a_link_is_words(text: str) -> None:
    assert "<a" not in markup.render_comment(text)


@pytest.mark.attack("A12")
@pytest.mark.parametrize("target", ["/admin/", "//a.example", "?sort=oldest", "#c1", "a.html"])
def test_a_link_without_a_site_leads_nowhere(target: str) -> None:
    assert "href" not in markup.render_comment(f"[here]({target})")


# Nothing is slow


COSTLY = """[ ![ *a a* _a_ ***a** ~~a ` `a <  & &# \\ ( ) [a]( ]( [[]] [a]: http:// http://a.
    <http:// https://a.b/( https://a? mailto: // www. a. a@ > - 1. ``` # | ~""".split()
COSTLY += [
    "> > ",
    "- - ",
    "> \n",
    "- a\n",
    "1. a\n",
    "\n\n",
    " \n",
    "\t",
    "`` ` ",
    "*a _a ",
    "a\n> ",
]


def calls(text: str) -> int:
    """How many functions rendering it calls."""
    number = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        markup.rendered.__wrapped__(text, ())
    finally:
        sys.setprofile(before)
    return number


@pytest.mark.attack("A42")
@pytest.mark.parametrize("piece", COSTLY)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    """Up to the limit of a comment; what is quadratic would be four times the work."""
    half, whole = (calls((piece * size)[:size]) for size in (2500, 5000))
    assert whole < 2.5 * half + 1000


@pytest.mark.attack("A42")
@pytest.mark.parametrize("piece", COSTLY)
def test_no_text_costs_many_times_what_prose_does(piece: str) -> None:
    """What has more signs than words is shown as it was typed."""
    prose = ("They *did* open it at last, and the river below is calm again today. " * 90)[:5000]
    assert calls((piece * 5000)[:5000]) < 12 * calls(prose)


def test_what_is_dense_with_signs_is_shown_as_it_was_typed() -> None:
    assert markup.render_comment("*a <b>" * 300).startswith("<p>*a &lt;b&gt;*a")
    assert markup.render_comment("- a\n" * 400).count("<br>") == 400


# Mentions

PEOPLE = (("rita", "/people/rita/"), ("rita-r_2", "/people/rita-r_2/"))


@pytest.mark.attack("A11")
@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("@rita", ["@rita"]),
        ("(@Rita), @rita!", ["@Rita", "@rita"]),
        ("@rita-r_2's", ["@rita-r_2"]),
        ("*@rita* **@rita**", ["@rita", "@rita"]),
        ("> - @rita", ["@rita"]),
        ("a@rita @@rita /@rita @ritax @sam", []),
        ("`@rita` [@rita](https://a.example) https://a.example/@rita", []),
    ],
)
def test_a_mention_is_a_link_in_plain_words_alone(text: str, linked: list[str]) -> None:
    html = markup.render_comment(text, PEOPLE)
    assert re.findall(r'<a href="/people/[^"]+"[^>]*>([^<]+)</a>', html) == linked
    assert "/people/" not in markup.render_comment(text)


# One normal form


@pytest.mark.attack("A7")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("  \n a \n ", "a"),
        ("e\u0301", "\u00e9"),
        ("a\0b\x07c\x1b[31m\x7f\x85d", "abc[31md"),
        ("a\ud800b", "ab"),
        ("a\tb", "a\tb"),
        ("\u0627\u200d \U0001f469\u200d\U0001f4bb", "\u0627\u200d \U0001f469\u200d\U0001f4bb"),
        ("", ""),
    ],
)
def test_tidy_makes_one_normal_form(typed: str, kept: str) -> None:
    assert markup.tidy(typed) == kept


def test_tidy_has_nothing_to_add() -> None:
    for text in [*COMMENTS[::7], "\r\n\r\r\n", "a\n\n \n\n\nb", "\x85\n\n\x85\n"]:
        assert markup.tidy(markup.tidy(text)) == markup.tidy(text)
