"""The passage of a text that answers a question, with the words that were asked for marked."""

from itertools import islice
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from newsroom.words import Asked, beginning, beginnings, meant, words_in

LENGTH = 220  # characters
BEFORE = 60  # at most, in front of the first marked word
WORDS = 5_000  # of the text that are looked through
HITS = 50


class Hit(NamedTuple):
    start: int
    end: int
    words: frozenset[int]  # which words of the question it is


def marked(text: str, asked: Asked) -> SafeString:
    """The whole text."""
    return mark(text, hits_in(text, asked), 0, len(text))


def snippet(text: str, asked: Asked) -> SafeString:
    """The passage with most of the words; the text's beginning where there is none."""
    hits = hits_in(text, asked)
    first = max(hits, key=lambda hit: (len(together(hits, hit)), -hit.start), default=None)
    start = word_start(text, first.start - BEFORE) if first else 0
    end = word_end(text, start + LENGTH)
    return format_html(
        "{}{}{}",
        "… " if start else "",
        mark(text, [hit for hit in hits if start <= hit.start and hit.end <= end], start, end),
        " …" if end < len(text) else "",
    )


def hits_in(text: str, asked: Asked) -> list[Hit]:
    begins = beginnings(asked)
    found = (
        Hit(*match.span(), frozenset(n for n, word in enumerate(asked) if word & meant(match[0])))
        for match in islice(words_in(text), WORDS)
        if beginning(match[0][:4]) in begins
        and any(not word.isdisjoint(meant(match[0])) for word in asked)
    )
    return list(islice(found, HITS))


def together(hits: list[Hit], first: Hit) -> frozenset[int]:
    """Which words of the question a passage that begins there has."""
    end = first.start + LENGTH - BEFORE
    return frozenset().union(
        *(hit.words for hit in hits if first.start <= hit.start and hit.end <= end)
    )


def word_start(text: str, at: int) -> int:
    """The first beginning of a word there or after, if one is near."""
    if at <= 0:
        return 0
    space = text.find(" ", at - 1, at + BEFORE)
    return at if space < 0 else space + 1


def word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - BEFORE, at + 1)
    return at if space < 0 else space


def mark(text: str, hits: list[Hit], start: int, end: int) -> SafeString:
    pieces = []
    for hit in hits:
        pieces.append((text[start : hit.start], text[hit.start : hit.end]))
        start = hit.end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[start:end])
