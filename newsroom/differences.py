"""What differs between two texts of an article, word by word, for people to read."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import unescape
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom import markup

LONGEST = 2000  # words of a paragraph to be compared one by one, which takes their square

LABELS = {
    "headline": _("Headline"),
    "standfirst": _("Standfirst"),
    "body": _("Text"),
    "slug": _("Address"),
}

# How a text without markup shows what the markup said.
SIGNS = [
    (re.compile(r"<h[23]>"), "\n\n## "),
    (re.compile(r"<(?:p|ul|ol|pre|figure|figcaption)>"), "\n\n"),
    (re.compile(r"<blockquote>\s*(?:<p>)?"), "\n\n“ "),
    (re.compile(r"<li>\s*(?:<p>)?"), "\n• "),
    (re.compile(r"<hr>"), "\n\n* * *\n\n"),
    (re.compile(r"<br>"), "\n"),
    (re.compile(r"</?(?:strong|b)>"), "**"),
    (re.compile(r"</?(?:em|i)>"), "_"),
    (re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL), r"\2 [\1]"),
    (re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>'), r"[▣ \1]"),
    (re.compile(r"<[^>]*>"), ""),
]


class Piece(NamedTuple):
    kind: str  # "=", "-" gone, "+" new
    text: str


class Difference(NamedTuple):
    label: str | Promise
    pieces: list[Piece]


def between(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Of headline, standfirst, text and address those that differ; nothing: they are the same."""
    found = []
    for name, label in LABELS.items():
        if name in before and name in after:
            old, new = (read(name, words[name] or "") for words in (before, after))
            if old != new:
                found.append(Difference(label, pieces(old, new)))
    return found


def read(name: str, text: str) -> str:
    return as_text(text) if name == "body" else text


def as_text(body: str) -> str:
    html = markup.clean_article(body)
    for pattern, sign in SIGNS:
        html = pattern.sub(sign, html)
    lines = (line.strip() for line in unescape(html).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def pieces(old: str, new: str) -> list[Piece]:
    """The words that stayed, went and came, in the order of reading."""
    found: list[Piece] = []
    for kind, text in by_words(old, new):
        if found and found[-1].kind == kind:
            found[-1] = Piece(kind, found[-1].text + text)
        elif text:
            found.append(Piece(kind, text))
    return found


def by_words(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Paragraph by paragraph first, so that only those which differ are taken apart."""
    before, after = (re.findall(r"[^\n]*\n*", text) for text in (old, new))
    for same, gone, came in steps(before, after):
        if same:
            yield "=", "".join(same)
            continue
        words, others = (re.findall(r"\s+|\S+\s?", "".join(part)) for part in (gone, came))
        if max(len(words), len(others)) > LONGEST:
            yield from (("-", "".join(gone)), ("+", "".join(came)))
            continue
        for kept, lost, won in steps(words, others):
            yield from (("=", "".join(kept)), ("-", "".join(lost)), ("+", "".join(won)))


def steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], ...]]:
    """What stayed, or what went and what came instead."""
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield (old[i:j], (), ()) if what == "equal" else ((), old[i:j], new[k:m])
