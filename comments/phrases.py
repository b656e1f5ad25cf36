"""Finding phrases however they are disguised: other alphabets, marks, gaps, nothing-characters."""

import re
import time
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from accounts import names

BUDGET = 0.1  # seconds of work; a text that takes longer is held, not waved through


class TookTooLong(Exception):
    """The budget was over before all phrases were looked for."""


def found(text: str, phrases: Iterable[str]) -> str | None:
    """The first of these phrases that the text says. Raises TookTooLong."""
    end = time.thread_time() + BUDGET
    plain = normal(text)
    tight = joined(plain)
    for phrase in phrases:
        if time.thread_time() > end:
            raise TookTooLong
        wanted = f" {normal(phrase)} "
        if wanted.strip() and (wanted in f" {plain} " or wanted in f" {tight} "):
            return phrase
    return None


def normal(text: str) -> str:
    """Its words in one alphabet and case, with single spaces and nothing between."""
    return " ".join(re.findall(r"\w+", "".join(map(letter, unicodedata.normalize("NFKD", text)))))


@lru_cache(maxsize=4096)
def letter(character: str) -> str:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    if character.isascii():
        return character.lower()
    return names.skeleton(character) if character.isalnum() else character


def joined(plain: str) -> str:
    """The same with letters that stand alone put together: “i d i o t” is a word."""
    return re.sub(r"(?<!\S)\S(?: \S(?!\S))+", lambda run: run[0].replace(" ", ""), plain)
