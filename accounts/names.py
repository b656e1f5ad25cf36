"""What a person may be called, and when two names look alike."""

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs import confusables
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 2, 30

# Names that would speak for the house.
RESERVED = {
    "admin",
    "administrator",
    "anonymous",
    "deleted",
    "editor",
    "editors",
    "me",
    "mod",
    "moderator",
    "newsroom",
    "root",
    "staff",
    "support",
    "system",
    "the newsroom",
}


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
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn") for character in name):
        raise ValidationError(_("This name holds an invisible character. Please type it again."))
    if not any(character.isalpha() for character in name):
        raise ValidationError(_("A name needs at least one letter."))
    if re.search(r"[<>@/\\]", name):
        raise ValidationError(_("A name cannot hold any of < > @ / \\ ."))
    if confusables.is_mixed_script(name):
        raise ValidationError(_("Please write your name in letters of one alphabet."))
    if skeleton(name) in reserved_skeletons():
        raise ValidationError(_("This name is kept for the newsroom. Please choose another."))
    return name


def skeleton(name: str) -> str:
    """What the name looks like: two names with one skeleton cannot be told apart by eye."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(prototype(character) for character in folded if not character.isspace())


@lru_cache(maxsize=4096)
def prototype(character: str) -> str:
    """One character to stand for all that look like it, Latin where there is one."""
    alike = [entry["c"].casefold() for entry in confusables.confusables_data.get(character, ())] + [
        character
    ]
    alike = [glyph for glyph in alike if len(glyph) == 1]
    return min(alike, key=lambda glyph: (not glyph.isascii(), not glyph.isalnum(), glyph))


@lru_cache(maxsize=1)
def reserved_skeletons() -> frozenset[str]:
    return frozenset(skeleton(name) for name in RESERVED)


def handle_from(name: str) -> str:
    """The first choice of an address for a person of this name."""
    return slugify(name, allow_unicode=True)[:LONGEST] or "reader"
