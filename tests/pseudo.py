"""A language in which every sentence that can be translated is itself, between brackets."""

from gettext import NullTranslations

from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR


class Pseudo(NullTranslations):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.code = language
        self.asked: set[str] = set()

    def language(self) -> str:
        return self.code

    def to_language(self) -> str:
        return self.code

    def gettext(self, message: str) -> str:
        message = message.rpartition(CONTEXT_SEPARATOR)[2]
        self.asked.add(message)
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def speak(language: str) -> Pseudo:
    """From now on this language is pseudo, until a setting of languages changes."""
    pseudo = Pseudo(language)
    trans_real._translations[language] = pseudo  # type: ignore[attr-defined]
    return pseudo


def asked(language: str) -> set[str]:
    """Everything that was asked of it; of what has a plural, the singular."""
    return set(trans_real._translations[language].asked)  # type: ignore[attr-defined]
