"""Where one writes, or what stands in its place: the gate, a closed door, a suspension."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast
from comments.models import Comment, Discussion, Draft, Mention, Sanction
from comments.models.comment import LONGEST
from comments.models.mention import addresses
from newsroom import markup


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
    told: str = ""  # the nudges in `error`: who sends it again has read them
    preview: SafeString | None = None
    # Where the text is kept while it is typed, and which state of it this is.
    draft: str = ""
    reply_to: int | None = None
    version: int = 0
    people: str = ""  # where those are found who may be mentioned
    limit: int = LONGEST
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


def for_discussion(discussion: Discussion, text: str = "", **more: Any) -> Composer:
    return Composer(
        "composer",
        reverse("discussion", args=[discussion.pk]),
        _("Your comment"),
        _("Post comment"),
        text,
        draft=reverse("draft", args=[discussion.pk]),
        people=reverse("people", args=[discussion.pk]),
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
        draft=reverse("draft", args=[to.discussion_id]),
        reply_to=to.pk,
        people=reverse("people", args=[to.discussion_id]),
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
        version=comment.current.n,
        cancel=comment.get_absolute_url(),
        people=reverse("people", args=[comment.discussion_id]),
        **more,
    )


def state(
    request: HttpRequest,
    discussion: Discussion,
    reply_to: Comment | None = None,
    *,
    suspended: bool = True,
    drafted: bool = True,
) -> dict:
    """What stands where one writes, for this person now: only what applies is ever shown.

    It looks for a suspension and a draft, unless it is told that there are none.
    """
    if not discussion.is_open:
        return {"standing": "closed"}
    if not request.user.is_authenticated:
        return {"standing": "gate", "reply_to": reply_to}
    sanction = Sanction.objects.suspending(request.user) if suspended else None
    if sanction:
        return {"standing": "suspended", "sanction": sanction}
    kept = Draft.objects.filter(article=discussion.article, reply_to=reply_to, person=request.user)
    draft = kept.first() if drafted else None
    text = draft.text if draft else ""
    made = for_reply(reply_to, text) if reply_to else for_discussion(discussion, text)
    made.version = draft.version if draft else 0
    if reply_to and not text and "quote" in request.GET:
        made.text = "".join(f"> {line}\n" for line in reply_to.current.text.split("\n")) + "\n"
    return {"standing": "open", "composer": made}


def preview(request: HttpRequest, composer: Composer, discussion: Discussion) -> HttpResponse:
    """The text as readers would see it: alone with htmx, above its composer without."""
    try:
        Allowance.objects.spend("preview", f"person:{request.user.pk}")
    except TooFast as too_fast:
        composer.error = too_fast.sentence
        return answer(request, composer, discussion, 429)
    if len(composer.text) > composer.limit:
        sentence = _("This is %(count)d characters too long to be shown.")
        too_many = len(composer.text) - composer.limit
        composer.preview = format_html("<p>{}</p>", sentence % {"count": too_many})
    else:
        people = addresses(Mention.objects.named(composer.text, discussion.pk))
        composer.preview = markup.trusted(markup.render_comment(composer.text, people))
    if request.htmx:
        return render(request, "comments/_preview.html", {"composer": composer})
    return answer(request, composer, discussion)


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
