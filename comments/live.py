"""How what happens in the discussions looks now, for the stream: only what everybody may see."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from comments.chats import last_lines, with_numbers
from comments.models import Comment, Discussion
from newsroom.language import spoken
from newsroom.live import only_for
from newsroom.models import Article


def discussion(kind: str, subject: int) -> dict[str, Any] | None:
    """What the pages that show this comment need to know; None where there is nothing to tell."""
    if kind == "state":
        return state(subject)
    published = Article.objects.published()
    comments = Comment.objects.whole().filter(discussion__article__in=published)
    comment = comments.filter(pk=subject).first()
    if comment is None or (kind == "comment" and not comment.is_public):
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
    if kind == "comment":
        return told
    return told | {"html": render_to_string("comments/_comment.html", {"comment": comment})}


def state(article: int) -> dict[str, Any] | None:
    """Whether and how long the discussion is open, and what else stands in its head."""
    found = Discussion.objects.select_related("article__section").filter(
        article__in=Article.objects.published(), pk=article
    )
    if not found:
        return None
    html = render_to_string("comments/_state.html", {"discussion": found[0]})
    return {"kind": "state", "html": html}


def gone(comment: Comment) -> str:
    if not comment.has_place:
        return ""
    return render_to_string("comments/_gone.html", {"comment": comment})


def chats(kind: str, subject: int) -> dict[str, Any]:
    """A discussion's place among the living ones."""
    chat = with_numbers(Discussion.objects.alive().filter(pk=subject)).first()
    if chat is None:
        return {"id": subject, "gone": True}
    last = last_lines([chat], AnonymousUser()).get(chat.last)
    said = last and {
        "name": last.author.name if last.author else _("deleted account"),
        "text": last.excerpt,
        "address": last.get_absolute_url(),
    }
    return {
        "id": chat.pk,
        "headline": chat.article.headline,
        "section": chat.article.section.name,
        "address": f"{chat.article.get_absolute_url()}#discussion",
        "at": chat.last_comment_at.isoformat(),
        "count": chat.comment_count,
        "said": said,
    } | spoken(chat.article.language)


@only_for("comments.moderate_comment")
def desk(kind: str, subject: int) -> dict[str, Any]:
    """To moderators: that there is a card more, about this comment."""
    return {"kind": kind, "id": subject}
