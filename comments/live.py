"""How a change in a discussion looks now, for the stream: the same HTML as the page's."""

from typing import Any

from django.template.loader import render_to_string

from comments.models import Comment


def look(kind: str, subject: int) -> dict[str, Any] | None:
    """What the pages that show this comment need to know; None where there is nothing to tell."""
    comment = Comment.objects.whole().filter(pk=subject).first()
    if comment is None:
        return None
    told = {"kind": kind, "id": comment.pk, "root": comment.root_id}
    told["count"] = comment.discussion.comment_count
    if not comment.is_public:
        # Where it stood, it goes; somebody who never saw it learns nothing.
        return told | {"kind": "gone", "html": gone(comment)}
    if kind == "recommend":
        return told | {"recommends": comment.recommends}
    if kind == "edit":
        return told | {"html": render_to_string("comments/_comment.html", {"comment": comment})}
    return told


def gone(comment: Comment) -> str:
    if not comment.has_place:
        return ""
    return render_to_string("comments/_gone.html", {"comment": comment})
