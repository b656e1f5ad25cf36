"""Where one writes, or what stands in its place: the gate, a closed door, a suspension."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import HttpRequest
from comments.models import Comment, Discussion, Draft, Sanction
from comments.models.comment import LONGEST


@dataclass
class Composer:
    """A form to write in. `id` is its place in the page, `action` where it is sent."""

    id: str
    action: str
    label: str
    button: str
    text: str = ""
    error: str = ""
    notice: str = ""
    revision: int | None = None
    theirs: str = ""  # the text saved meanwhile, where an edit came too late
    cancel: str = ""
    limit: int = LONGEST
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


def for_discussion(discussion: Discussion, text: str = "", **more: Any) -> Composer:
    return Composer(
        "composer",
        reverse("discussion", args=[discussion.pk]),
        _("Your comment"),
        _("Post comment"),
        text,
        **more,
    )


def for_reply(to: Comment, text: str = "", **more: Any) -> Composer:
    name = to.author.name if to.author else _("deleted account")
    return Composer(
        f"composer-{to.pk}",
        reverse("reply", args=[to.pk]),
        _("Your reply to %(name)s") % {"name": name},
        _("Post reply"),
        text,
        cancel=to.get_absolute_url(),
        **more,
    )


def for_edit(comment: Comment, text: str | None = None, **more: Any) -> Composer:
    return Composer(
        f"edit-{comment.pk}",
        reverse("edit", args=[comment.pk]),
        _("Your comment"),
        _("Save changes"),
        comment.current.text if text is None else text,
        revision=comment.current.n,
        cancel=comment.get_absolute_url(),
        **more,
    )


def state(request: HttpRequest, discussion: Discussion, reply_to: Comment | None = None) -> dict:
    """What stands where one writes, for this person now: only what applies is ever shown."""
    if not discussion.is_open:
        return {"standing": "closed"}
    if not request.user.is_authenticated:
        return {"standing": "gate", "reply_to": reply_to}
    sanction = Sanction.objects.suspending(request.user)
    if sanction:
        return {"standing": "suspended", "sanction": sanction}
    draft = Draft.objects.filter(
        article=discussion.article, reply_to=reply_to, person=request.user
    ).first()
    text = draft.text if draft else ""
    made = for_reply(reply_to, text) if reply_to else for_discussion(discussion, text)
    return {"standing": "open", "composer": made}


def answer(
    request: HttpRequest, composer: Composer, discussion: Discussion, status: int = 200
) -> HttpResponse:
    """The composer again, in its place with htmx and on a page of its own without."""
    context = {"composer": composer, "discussion": discussion, "article": discussion.article}
    if request.htmx:
        response = render(request, "comments/_composer.html", context, status=status)
        response["HX-Retarget"] = f"#{composer.id}"
        response["HX-Reswap"] = "outerHTML"
        return response
    return render(request, "comments/write.html", context | {"standing": "open"}, status=status)
