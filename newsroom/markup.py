"""The only file that trusts markup. What it returns is safe to show; nothing else is.

Comments are a small Markdown, articles a small HTML. Both are rendered once, when written, and
cleaned as the very last step, so a fault in a renderer cannot become a script in a page.
"""

import json
import re
import unicodedata
from functools import lru_cache
from html import escape, unescape
from typing import Any

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

RENDERER = 2  # stored with every rendered comment: raise it when the same text renders differently

COMMENT_TAGS = {"p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ARTICLE_TAGS = COMMENT_TAGS | {"h2", "h3", "hr", "figure", "figcaption", "b", "i", "img"}
BLOCK = re.compile(r"\s*<(p|h2|h3|hr|ul|ol|pre|blockquote|figure)\b")
ONLY_HREF: dict[str, set[str]] = {"*": set(), "a": {"href"}}
# A photo of the paper's own, by the name that photo_path() gives; from anywhere else there is none.
OUR_PHOTO = re.compile(re.escape(str(settings.MEDIA_URL)) + r"(photos/[0-9a-f]{24}\.jpg)")
# What costs a renderer time, in parts of a millisecond. No writing has so much of it as DENSEST.
COSTLY = re.compile(r"[*_~`\[\]!<>\\&#|(]")
DENSEST = 800
MENTION = re.compile(r"(?<![\w@/.-])@([\w-]{1,30})")
NO_PHOTO = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")*>')

markdown = MarkdownIt("zero", {"linkify": True, "breaks": True, "maxNesting": 12}).enable(
    ["emphasis", "strikethrough", "backticks", "fence", "blockquote", "list", "link", "autolink"]
    + ["linkify", "newline", "escape", "balance_pairs", "fragments_join"]
)
markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
markdown.linkify.add("ftp:", None).add("//", None)  # they would be links that lead nowhere


def link_mentions(state: StateCore) -> None:
    """An @handle in plain words becomes a link where the environment's people have that address."""
    people = state.env.get("people", {})
    if not people:
        return
    for block in state.tokens:
        depth, made = 0, list[Token]()
        for token in block.children or []:
            depth += token.nesting if token.type.startswith("link_") else 0
            made += [token] if depth or token.type != "text" else with_links(token, people)
        if block.children:
            block.children = made


def with_links(words: Token, people: dict[str, str]) -> list[Token]:
    """The token of some words, in pieces where it mentions people."""
    made, at = [], 0
    for found in MENTION.finditer(words.content):
        address = people.get(found[1].lower())
        if address:
            made += [plain(words.content[at : found.start()])]
            made += [Token("link_open", "a", 1, attrs={"href": address}), plain(found[0])]
            made += [Token("link_close", "a", -1)]
            at = found.end()
    return [*made, plain(words.content[at:])]


def plain(words: str) -> Token:
    return Token("text", "", 0, content=words)


markdown.core.ruler.push("mentions", link_mentions)


def tidy(text: str) -> str:
    """What a person typed, in one normal form: NFC, plain newlines, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def render_comment(text: str, people: tuple[tuple[str, str], ...] = ()) -> str:
    """The comment's HTML, of COMMENT_TAGS only; its links go to http, https and mailto alone.

    `people` are the handles that become links when mentioned, with their addresses. What has more
    signs than words is shown as it was typed.
    """
    return rendered(text, people)


@lru_cache(maxsize=64)  # a text on its way is rendered by its checks and its preview too
def rendered(text: str, people: tuple[tuple[str, str], ...]) -> str:
    html = as_typed(text) if is_dense(text) else markdown.render(text, {"people": dict(people)})
    known = {address for _handle, address in people}
    return nh3.clean(
        html,
        tags=COMMENT_TAGS,
        attributes=ONLY_HREF,
        url_schemes={"http", "https", "mailto"},
        # Of this site's addresses only those of people: a comment is read in mails and feeds too.
        url_relative=lambda address: address if address in known else None,
        link_rel="nofollow ugc noopener",
    )


def is_dense(text: str) -> bool:
    links = text.count("://") + text.count("mailto:")
    return len(COSTLY.findall(text)) + 3 * text.count("\n") + 20 * links > DENSEST


def as_typed(text: str) -> str:
    blocks = escape(text).split("\n\n")
    return "".join(f"<p>{block}</p>" for block in blocks).replace("\n", "<br>")


def clean_article(body: str) -> str:
    """An article's body: simple HTML is kept; text between empty lines is a paragraph."""
    return clean_body(paragraphs(clean_body(body)))


def clean_body(html: str) -> str:
    cleaned = nh3.clean(
        html,
        tags=ARTICLE_TAGS,
        attributes=ONLY_HREF | {"img": {"src", "alt", "width", "height"}},
        attribute_filter=only_our_photos,
        set_tag_attribute_values={"img": {"loading": "lazy"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    return NO_PHOTO.sub("", cleaned)


def only_our_photos(tag: str, name: str, value: str) -> str | None:
    fits = True
    if tag == "img" and name == "src":
        fits = bool(OUR_PHOTO.fullmatch(value))
    elif tag == "img" and name in ("width", "height"):
        fits = bool(re.fullmatch("[0-9]{1,5}", value))
    return value if fits else None


def has_unspoken_photo(body: str) -> bool:
    """Whether a photo stands in it that says nothing to those who cannot see it."""
    photos = re.findall(r'<img(?: [a-z]+="[^"]*")*>', clean_article(body))
    return any(not re.search(r' alt="\s*[^"\s]', photo) for photo in photos)


def paragraphs(html: str) -> str:
    blocks = re.split(r"\n\s*\n", html.strip())
    return "\n".join(
        block if BLOCK.match(block) else "<p>" + block.strip().replace("\n", "<br>") + "</p>"
        for block in blocks
    )


def text_of(html: str) -> str:
    """The words of some HTML on one line, for excerpts and searches."""
    spaced = re.sub(r"<(?=/?(p|br|li|h2|h3|blockquote|pre|div)\b)", " <", html)
    text = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"})
    return " ".join(unescape(text).split())


def for_elsewhere(html: str) -> str:
    """A rendered article to be read on other sites: its links and photos with whole addresses."""
    return nh3.clean(
        html,
        tags=ARTICLE_TAGS,
        attributes=ONLY_HREF | {"img": {"src", "alt", "width", "height"}},
        link_rel="noopener",
        url_relative=("rewrite_with_base", f"{settings.SITE_URL}/"),
    )


def trusted(html: str) -> SafeString:
    """HTML that this file made earlier, or that a template did, marked as ready to show."""
    return mark_safe(html)


# What could end the script element it stands in, or begin another, or end a line of JavaScript.
NOT_IN_A_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def data_block(data: Any) -> SafeString:
    """It as JSON for a script element, where HTML escapes nothing."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(NOT_IN_A_SCRIPT))
