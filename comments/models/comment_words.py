"""The words that a comment is found by. Only those of public comments are kept."""

from typing import Any

from newsroom import markup
from newsroom.index import Index, Row
from newsroom.language import guess
from newsroom.words import stems

COMMENT_WORDS = Index("comments_comment_words", text=1)


def entry(comment: Any) -> Row | None:
    """Of a comment that is stored, or of what a migration knows of one; None: it is not public."""
    if comment.state != "public" or comment.withdrawn_at or not comment.current:
        return None
    text = markup.text_of(comment.current.html)
    return comment.pk, [stems(text, guess(text, comment.discussion.article.language))]


def keep(comment: Any) -> None:
    """Let searches find what it says now, or nothing of it."""
    found = entry(comment)
    if found:
        COMMENT_WORDS.put([found])
    else:
        COMMENT_WORDS.drop([comment.pk])
