"""The words of a text and of a question, each as the stems that a search compares.

However a word is written (upper case, accents, ё, Arabic vowel signs, half-width letters), its
stems are the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from newsroom.stems import ARABIC, IRREGULAR, bare, stemmed

LONGEST = 40  # letters of a word that count: enough for German, too few to fill an index with
ASKED = 10  # words of a question that count
IN_TEXT = 20_000  # words of a text that count: a short book

Asked = list[frozenset[str]]  # for each word of a question, the stems it may have

# Chinese and Japanese leave no spaces: each sign is a word.
SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What stands in or over a word and is no letter to \w, in the scripts that have such.
MARK = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0dff\u0e31-\u0e4e\u200c\u200d\u2060"
)
WORD = re.compile(rf"[{SIGN}]|[^\W_{SIGN}]+(?:[{MARK}]+[^\W_{SIGN}]*)*")
ONE_SPELLING = str.maketrans(
    {"ё": "е", "ـ": None, "ى": "ي", "ی": "ي", "ک": "ك", "ٱ": "ا", "أ": "ا", "إ": "ا", "آ": "ا"}
)

# Words of a question that nearly every text has: not looked for, unless there is no other.
EVERYWHERE = frozenset(
    bare(word)
    for word in (
        "a an and are as at be but by for from had has have he her his in is it its ll of on or "
        "she t that the their they this to ve was we were which will with you "
        "al como con de del el en es esta este la las lo los más o para pero por que se su sus "
        "un una y "
        "а без бы в во для до за и из или к как ко на не но о об от по при с со так то у что это "
        "ال ان او الي الذي التي الى أن أو إلى ذلك عن علي على في لا ما مع من هذا هذه هو هي و"
    ).split()
)


def words_in(text: str) -> Iterator[re.Match[str]]:
    """Where the words stand in a text as it is written."""
    return WORD.finditer(text)


@lru_cache(maxsize=50_000)
def stems_of(word: str, language: str) -> tuple[str, ...]:
    """Those of one written word: “½” and “ﷺ” are several words in one, and the “s” of “today's”
    is none."""
    if word in ("s", "S"):
        return ()
    return tuple(
        sorted({stem for spelling in spelled(word) for stem in stemmed(spelling, language)})
    )


def stems(text: str, language: str) -> list[str]:
    """Every stem of a text, in its order: what an index keeps."""
    found: list[str] = []
    for number, match in enumerate(words_in(text)):
        if number == IN_TEXT:
            break
        found += stems_of(match[0], language)
    return found


def asked(question: str) -> Asked:
    """The words of a question, without those that every text has and those that say the same."""
    chosen: dict[frozenset[str], None] = {}
    common: dict[frozenset[str], None] = {}
    for match in words_in(question):
        everywhere = any(bare(spelling) in EVERYWHERE for spelling in spelled(match[0]))
        (common if everywhere else chosen)[meant(match[0])] = None
    return [stems for stems in chosen or common if stems][:ASKED]


@lru_cache(maxsize=50_000)
def meant(word: str) -> frozenset[str]:
    """The stems of a word whose language is unknown. Its script tells Russian and Arabic."""
    return frozenset(stems_of(word, "en") + stems_of(word, "es"))


def beginnings(question: Asked) -> set[str]:
    """What a word must begin with to be one of these: a look that spares most words a stemmer."""
    found = {beginning(stem[:4]) for stems in question for stem in stems}
    return found | {form[:2] for form, word in IRREGULAR.items() if word[:2] in found}


@lru_cache(maxsize=50_000)
def beginning(letters: str) -> str:
    """Two letters of a word's first four. What stands before an Arabic word may go from it, so
    all of these begin alike."""
    return "ا" if ARABIC.match(letters) else bare(letters.casefold())[:2]


def spelled(word: str) -> list[str]:
    """In one way of writing, but with the accents that a stemmer needs."""
    if word.isascii():
        return [word.lower()[:LONGEST]]
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    letters = "".join(c for c in whole if unicodedata.category(c) not in ("Mn", "Mc", "Me", "Cf"))
    return [each[:LONGEST] for each in WORD.findall(letters.translate(ONE_SPELLING)[:LONGEST])]
