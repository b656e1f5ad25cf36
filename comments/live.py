"""How a change in a discussion looks now, for the stream: the same HTML as the page's."""

from typing import Any

from django.template.loader import render_to_string

from comments.models import Comment, Discussion


def look(kind: str, subject: int) -> dict[str, Any] | None:
    """What the pages that show this comment need to know; None where there is nothing to tell."""
    if kind == "state":
        return state(subject)
    comment = Comment.objects.whole().filter(pk=subject).first()
    if comment is None:
        return None
    told = {"kind": kind, "id": comment.pk, "root": comment.root_id}
    if kind.startswith("left "):
        was = Discussion.objects.get(pk=kind.removeprefix("left "))
        return told | {"kind": "gone", "html": "", "count": was.comment_count}
    told["count"] = comment.discussion.comment_count
    if not comment.is_public:
        # Where it stood, it goes; somebody who never saw it learns nothing.
        return told | {"kind": "gone", "html": gone(comment)}
    if kind == "recommend":
        return told | {"recommends": comment.recommends}
    if kind in ("edit", "pick", "pin"):
        return (
            told
            | {"kind": "edit"}
            | {"html": render_to_string("comments/_comment.html", {"comment": comment})}
        )
    return told


def state(article: int) -> dict[str, Any] | None:
    """Whether and how long the discussion is open, and what else stands in its head."""
    discussion = Discussion.objects.select_related("article__section").filter(pk=article).first()
    if discussion is None:
        return None
    html = render_to_string("comments/_state.html", {"discussion": discussion})
    return {"kind": "state", "html": html}


def gone(comment: Comment) -> str:
    if not comment.has_place:
        return ""
    return render_to_string("comments/_gone.html", {"comment": comment})
