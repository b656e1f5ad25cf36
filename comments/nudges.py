"""A friendly word before a text is posted that looks hasty: its writer knows best, and may insist.

Each named nudge answers with the sentence its writer reads, or nothing. Who sends the text again
has read it: then a moderator reads the text first, and is told the nudge's name.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from comments.models import Comment
from comments.post import Post
from newsroom.language import guess

SHOUTED = 20  # capital letters: an abbreviation is no shouting
SHARE = 0.7  # of all letters that could be small
REPEAT_WINDOW = timedelta(hours=24)
LONG_ENOUGH = 60  # letters to tell a language by

# Words that are said to somebody rather than about something. A moderator judges, not this list.
ABUSE = re.compile(
    r"\b(?:idiots?|imbeciles?|morons?|cretins?|retard(?:s|ed)?|scum(?:bags?)?|vermin|subhumans?"
    r"|bastards?|bitch(?:es)?|whores?|sluts?|cunts?|wankers?|dickheads?|ass?holes?|arseholes?"
    r"|shitheads?|dumbass(?:es)?|fuck (?:you|off)|stfu|kys|kill yourself|go die|drop dead"
    r"|дурак|дураки|идиот\w*|дебил\w*|мраз\w+|ублюд\w+|твар[ьи]|сволоч\w*"
    r"|idiotas?|imb[eé]cil(?:es)?|gilipollas|cabr[oó]n(?:es)?|hij[oa]s? de puta)\b"
)
DISGUISES = str.maketrans("013457@$!", "oieastasi")


def shouting(post: Post) -> str | None:
    letters = [letter for letter in own_words(post.text) if letter.upper() != letter.lower()]
    loud = sum(letter.isupper() for letter in letters)
    if loud < SHOUTED or loud < SHARE * len(letters):
        return None
    return _("In capital letters it reads like shouting. In small ones more people will read it.")


def abuse(post: Post) -> str | None:
    said = own_words(post.text).casefold()
    if not ABUSE.search(said) and not ABUSE.search(said.translate(DISGUISES)):
        return None
    return _(
        "This sounds like an insult. Would you say it to their face? Say what is wrong instead."
    )


def repeat(post: Post) -> str | None:
    said = Comment.objects.filter(
        author=post.author, created_at__gt=timezone.now() - REPEAT_WINDOW, current__text=post.text
    )
    if not said.exclude(pk=post.comment.pk if post.comment else None).exists():
        return None
    return _(
        "You have said exactly this already today. If something is to be added, please add it."
    )


def another_language(post: Post) -> str | None:
    language, words = post.discussion.article.language[:2], own_words(post.text)
    if sum(map(str.isalpha, words)) < LONG_ENOUGH or guess(words, language) == language:
        return None
    sentence = _("The discussion here is in %(language)s. In it more people can answer you.")
    return sentence % {"language": get_language_info(language)["name_local"]}


def own_words(text: str) -> str:
    """What the writer says: without what is quoted, code, and addresses."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    return re.sub(r"`[^`]*`|\S+://\S+|(?<!\w)@[\w-]+", " ", "\n".join(lines))


NUDGES: dict[str, Callable[[Post], str | None]] = {
    "shouting": shouting,
    "abuse": abuse,
    "repeat": repeat,
    "language": another_language,
}
