"""A page of a discussion as machines read it, in schema.org's words: the same that people see."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Comment
from newsroom.machines import whole
from newsroom.markup import text_of


def thread_data(root: Comment, replies: list[Comment]) -> list[dict[str, Any]]:
    """The root with its replies in it; these alone where the root is no longer shown."""
    below = [comment_data(reply) for reply in replies]
    if not root.is_public:
        return below
    return [comment_data(root) | ({"comment": below} if below else {})]


def comment_data(comment: Comment) -> dict[str, Any]:
    name = comment.author.name if comment.author else _("deleted account")
    return {
        "@type": "Comment",
        "url": whole(comment.get_absolute_url()),
        "author": {"@type": "Person", "name": name},
        "datePublished": timezone.localtime(comment.created_at).isoformat(timespec="seconds"),
        "text": text_of(comment.current.html),
    }
