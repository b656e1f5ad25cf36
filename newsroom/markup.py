"""The only file that trusts markup. What it returns is safe to show; nothing else is.

Comments are a small Markdown, articles a small HTML. Both are rendered once, when written, and
cleaned as the very last step, so a fault in a renderer cannot become a script in a page.
"""

import re
import unicodedata
from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RENDERER = 1  # stored with every rendered comment: raise it when the same text renders differently

COMMENT_TAGS = {"p", "br", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ARTICLE_TAGS = COMMENT_TAGS | {"h2", "h3", "hr", "figure", "figcaption", "b", "i"}
BLOCK = re.compile(r"\s*<(p|h2|h3|hr|ul|ol|pre|blockquote|figure)\b")
ONLY_HREF: dict[str, set[str]] = {"*": set(), "a": {"href"}}

markdown = MarkdownIt("zero", {"linkify": True, "breaks": True, "maxNesting": 12}).enable(
    ["emphasis", "strikethrough", "backticks", "fence", "blockquote", "list", "link", "autolink"]
    + ["linkify", "newline", "escape", "balance_pairs", "fragments_join"]
)
markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


def tidy(text: str) -> str:
    """What a person typed, in one normal form: NFC, plain newlines, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def render_comment(text: str) -> str:
    """The comment's HTML, of COMMENT_TAGS only; its links go to http, https and mailto alone."""
    return nh3.clean(
        markdown.render(text),
        tags=COMMENT_TAGS,
        attributes=ONLY_HREF,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def clean_article(body: str) -> str:
    """An article's body: simple HTML is kept; text between empty lines is a paragraph."""
    return clean_body(paragraphs(clean_body(body)))


def clean_body(html: str) -> str:
    return nh3.clean(
        html,
        tags=ARTICLE_TAGS,
        attributes=ONLY_HREF,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


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


def trusted(html: str) -> SafeString:
    """HTML that this file made earlier, or that a template did, marked as ready to show."""
    return mark_safe(html)
