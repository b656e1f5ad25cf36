"""What a person may be called, and when two names look alike."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import combinations, groupby

from confusable_homoglyphs import confusables
from confusable_homoglyphs.categories import alias
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 2, 30

# Words that no name holds, since they would speak for the house. In the paper's languages.
OF_THE_HOUSE = """
    admin administrator administrators author editor editors editorial moderator moderators newsroom
    official staff sysadmin webmaster administrador administradora editora moderador moderadora
    redacción oficial админ администратор автор модератор редактор редакция مدير مشرف محرر التحرير
""".split()
# What nobody is called, though it may be part of a name.
RESERVED = """
    anonymous|deleted|deleted account|everybody|me|mod|nobody|root|support|system|team
""".strip().split("|")

# Letters of no alphabet, and the alphabets that one name is written in.
SCRIPTLESS = {"COMMON", "INHERITED"}
WRITTEN_TOGETHER = [
    {"HAN", "HIRAGANA", "KATAKANA"},
    {"HAN", "HANGUL"},
    {"HAN", "BOPOMOFO"},
]
MOST_MARKS = 3  # Hebrew with points has as many; a tower of them covers the lines around it

# Letters and marks that are drawn as nothing: fillers, joiners, variation selectors.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)

# What most typefaces hardly tell apart: a capital i, a small L and a one; a capital o and a zero.
ALIKE_IN_PRINT = {"1": "i", "l": "i", "0": "o"}


def shown(user) -> str:
    return user.name


def clean_name(raw: str) -> str:
    """The name as it will be shown (NFKC, single spaces).

    Raises ValidationError with a sentence for the person.
    """
    name = " ".join(unicodedata.normalize("NFKC", raw).split())
    if not SHORTEST <= len(name) <= LONGEST:
        raise ValidationError(
            _("A name has %(least)d to %(most)d characters.") % {"least": SHORTEST, "most": LONGEST}
        )
    if any(is_invisible(character) for character in name):
        raise ValidationError(_("This name holds an invisible character. Please type it again."))
    if not any(character.isalpha() for character in name):
        raise ValidationError(_("A name needs at least one letter."))
    if re.search(r"[<>@/\\]", name):
        raise ValidationError(_("A name cannot hold any of < > @ / \\ ."))
    if stacked_marks(name) > MOST_MARKS:
        raise ValidationError(_("There are too many marks above or below one letter."))
    scripts = {alias(character) for character in name} - SCRIPTLESS
    if len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER):
        raise ValidationError(_("Please write your name in letters of one alphabet."))
    if any(unicodedata.category(character).startswith("S") for character in name):
        raise ValidationError(_("A name cannot hold emoji or other symbols."))
    if speaks_for_the_house(name):
        raise ValidationError(_("This name is kept for the newsroom. Please choose another."))
    return name


def nearest(raw: str) -> str:
    """What is left of it when all that is refused is taken out; “Reader” where nothing is."""
    tidy = " ".join(unicodedata.normalize("NFKC", raw).split())
    kept = "".join(c for c in tidy if is_of_a_word(c) or c in " .'’-")
    scripts = Counter(alias(character) for character in kept)
    main = max(scripts.keys() - SCRIPTLESS, key=lambda script: scripts[script], default="LATIN")
    of_one = "".join(c for c in kept if alias(c) in SCRIPTLESS | {main})
    for name in (kept, "".join(map(as_seen, kept)), of_one):
        try:
            return clean_name(name[:LONGEST])
        except ValidationError:
            continue  # then the next best
    return _("Reader")


def is_invisible(character: str) -> bool:
    """Whether one sees nothing of it: two names that differ by it look the same."""
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn") or bool(
        UNSEEN.match(character)
    )


def stacked_marks(name: str) -> int:
    """How many marks stand on the letter that has most of them."""
    is_mark = (unicodedata.category(character) in ("Mn", "Me") for character in name)
    return max(len(list(marks)) if on else 0 for on, marks in groupby(is_mark))


def looks(name: str) -> set[str]:
    """The skeletons of a name as it is written and in small letters.

    A Greek ΑΝΝΑ is a Latin ANNA to the eye, and αννα is not.
    """
    as_written = "".join(map(as_seen, unicodedata.normalize("NFKC", name)))
    return {skeleton(name), skeleton(as_written)}


def as_seen(character: str) -> str:
    """The plain Latin letter, of the same size, that it looks like; itself where there is none."""
    latin = [entry["c"] for entry in alike(character) if entry["c"].isascii()]
    return latin[0] if latin and not character.isascii() else character


def skeleton(name: str) -> str:
    """What the name looks like: two names with one skeleton cannot be told apart by eye.

    Spaces and signs do not count: “J. R. Smith” and “JR Smith” are one.
    """
    for _round in range(8):  # until nothing changes any more
        folded = unicodedata.normalize("NFKC", name).casefold()
        folded = "".join(map(prototype, folded))
        folded = "".join(filter(is_of_a_word, folded)) or folded
        if folded == name:
            break
        name = folded
    return name


def mailbox(address: str) -> str:
    """One key for whatever looks like, or is delivered to, one mailbox. For counting tries."""
    name, _at, host = address.rpartition("@")
    bare = unicodedata.normalize("NFKD", f"{name.partition('+')[0]} {host}")
    return skeleton("".join(c for c in bare if not unicodedata.combining(c)))


def is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


@lru_cache(maxsize=4096)
def prototype(character: str) -> str:
    """One character to stand for all that look like it, Latin where there is one."""
    glyphs = [entry["c"].casefold() for entry in alike(character)] + [character]
    best = min(
        (glyph for glyph in glyphs if len(glyph) == 1),
        key=lambda glyph: (not glyph.isascii(), not glyph.isalnum(), glyph),
    )
    return ALIKE_IN_PRINT.get(best, best) if best == character else prototype(best)


def alike(character: str) -> list[dict[str, str]]:
    return confusables.confusables_data.get(character, [])


def as_pairs(skeleton: str) -> str:
    """Letters that look like another when they stand together, for the names of the house."""
    return skeleton.replace("rn", "m").replace("vv", "w").replace("ci", "d")


def speaks_for_the_house(name: str) -> bool:
    """Whether it is a name of the house, or has one in it, in whatever pieces it is written."""
    words = re.findall(r"\w+", name)
    parts = (" ".join(words[i:j]) for i, j in combinations(range(len(words) + 1), 2))
    paper = " ".join(re.findall(r"\w+", settings.SITE_NAME))
    alone = {*RESERVED, re.sub("(?i)^the ", "", paper)}
    return bool(as_read(name) & seen_as(*alone)) or any(
        as_read(part) & seen_as(paper, *OF_THE_HOUSE) for part in parts
    )


def as_read(name: str) -> set[str]:
    return {as_pairs(look) for look in looks(name)}


@lru_cache(maxsize=8)
def seen_as(*names: str) -> frozenset[str]:
    return frozenset(as_pairs(skeleton(name)) for name in names)


def handle_from(name: str) -> str:
    """The first choice of an address for a person of this name."""
    return slugify(name, allow_unicode=True)[:LONGEST] or "reader"
