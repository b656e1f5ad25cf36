"""Languages: their names, which way they run, and which one a text is visibly written in."""

import re
from collections import Counter

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.translation import get_language_info

# A script names a language only when nothing else of that script is as likely.
CYRILLIC, ARABIC = r"[\u0400-\u04ff]", r"[\u0600-\u06ff]"
OTHER_CYRILLIC, OTHER_ARABIC = r"[іїєґўјљњћђџѓќәөүұқңғһ]", r"[پچژگیکےھ]"
WRITTEN_IN_CYRILLIC = {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"}
WRITTEN_IN_ARABIC = {"ar", "fa", "ur", "ps", "ckb", "ug"}

# Little words that the neighbouring languages (fr, it, pt, ca; de, nl) mostly do not share.
STOP_WORDS = {
    "en": "the and of to for with that from by are this which its their has",
    "es": "el los las y del una por para con su sus más pero fue está entre",
}
ENOUGH = 4  # stop words: a headline alone decides nothing
SHARE = 0.1  # of all words: a neighbour has some of these words too, but fewer


def papers_own() -> translation.override:
    """For what is written down for others to read, in whatever language its writer reads."""
    return translation.override(settings.LANGUAGE_CODE)


def named() -> list[tuple[str, str]]:
    """The code and the name of every language that Django knows, by name, for a form to offer."""
    found = [get_language_info(code) for code, info in LANG_INFO.items() if "name" in info]
    names = ((info["code"], info["name_translated"], info["name_local"]) for info in found)
    return sorted(
        ((code, name if name == own else f"{name} – {own}") for code, name, own in names),
        key=lambda each: each[1].casefold(),
    )


def spoken(code: str) -> dict[str, str]:
    """What HTML is to say of a text in this language: `lang`, and `dir`, which way it runs."""
    try:
        is_rtl = get_language_info(code)["bidi"]
    except KeyError:  # brought in by a feed: its letters tell
        return {"lang": code, "dir": "auto"}
    return {"lang": code, "dir": "rtl" if is_rtl else "ltr"}


def guess(text: str, default: str) -> str:
    """Two letters: `default`, unless the text is plainly in another language we can tell."""
    text = text.lower()
    letters = len(re.findall(r"[^\W\d_]", text)) or 1
    if len(re.findall(CYRILLIC, text)) > letters * 0.6:
        sure = default not in WRITTEN_IN_CYRILLIC and not re.search(OTHER_CYRILLIC, text)
        return "ru" if sure else default
    if len(re.findall(ARABIC, text)) > letters * 0.6:
        sure = default not in WRITTEN_IN_ARABIC and not re.search(OTHER_ARABIC, text)
        return "ar" if sure else default
    return by_stop_words(re.findall(r"[^\W\d_]+", text), default)


def by_stop_words(words: list[str], default: str) -> str:
    stop_words = {language: set(some.split()) for language, some in STOP_WORDS.items()}
    hits = {language: sum(word in some for word in words) for language, some in stop_words.items()}
    (best, most), (_, next_most) = Counter(hits).most_common(2)
    clear = most >= max(ENOUGH, len(words) * SHARE, next_most * 3)
    return best if clear else default


def two_letters(code: str) -> str:
    """“en” of “en-us”; the site's own language of what is no code."""
    found = re.match(r"[a-z]{2,3}\b", code.strip().lower().replace("_", "-"))
    return found[0] if found else settings.LANGUAGE_CODE
