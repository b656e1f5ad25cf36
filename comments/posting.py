"""Writing: a comment, a reply, an edit, a withdrawal."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest, number
from comments import composer, drafts
from comments.checks import Nudged, check
from comments.composer import Composer
from comments.models import Comment, Discussion, Draft
from comments.models.comment import Stale
from comments.post import Post, Refused
from comments.signing_in import signed_in
from comments.thread import fragment
from newsroom import markup
from newsroom.catching_up import catch_up
from newsroom.live import publishing
from newsroom.models import Article


class SentBefore(Refused):
    """This form made a comment already, of another text."""


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, id: int) -> HttpResponse:
    """GET: the discussion alone, or what changed in it `?since=`. POST: a comment in it."""
    article = get_object_or_404(
        Article.objects.published().select_related("section", "author"), pk=id
    )
    if request.method != "POST" and "since" in request.GET:
        return catch_up(request, f"discussion:{article.pk}", "newsfeed", "chats")
    if request.method != "POST":
        return render(request, "comments/discussion.html", {"article": article})
    found = Discussion.objects.of(article)
    return send(request, composer.for_discussion(found), found)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, id: int) -> HttpResponse:
    to = get_object_or_404(Comment.objects.whole().visible_to(request.user), pk=id)
    if request.method == "POST":
        return send(request, composer.for_reply(to), to.discussion, to)
    context = {"article": to.article, "discussion": to.discussion, "comment": to}
    context |= composer.state(request, to.discussion, to)
    template = "comments/_write.html" if request.htmx else "comments/write.html"
    return render(request, template, context)


def send(
    request: HttpRequest, form: Composer, discussion: Discussion, reply_to: Comment | None = None
) -> HttpResponse:
    """Post what was typed, or give it back with the reason."""
    form.text = markup.tidy(request.POST.get("text", ""))
    if not request.user.is_authenticated:
        return drafts.keep_and_log_in(request, discussion.article, form.text, reply_to)
    fresh, form.key = form.key, request.POST.get("key", form.key)
    if "preview" in request.POST:
        return composer.preview(request, form, discussion)
    try:
        comment = post(request.user, discussion, form.text, reply_to, form.key, told(request))
    except Refused as refused:
        draft = Draft.objects.keep(discussion.article, form.text, reply_to, person=request.user)
        form.error, form.version = refused.sentence, draft.version
        if isinstance(refused, Nudged):
            form.told = refused.told
        if isinstance(refused, SentBefore):
            form.key = fresh
        return composer.answer(request, form, discussion, refused.status)
    Draft.objects.done(discussion.article, reply_to, request.user)
    return posted(request, comment)


def told(request: HttpRequest) -> frozenset[str]:
    """The nudges that the writer read before."""
    return frozenset(request.POST.get("told", "").split())


def post(
    author: Any,
    discussion: Discussion,
    text: str,
    reply_to: Comment | None,
    key: str,
    told: frozenset[str] = frozenset(),
) -> Comment:
    """The comment; the one that exists where this was sent before. Raises Refused."""
    try:
        sent = uuid.UUID(key)
    except ValueError:
        sent = uuid.uuid4()
    try:
        with publishing():
            before = Comment.objects.whole().filter(author=author, key=sent).first()
            if before is None:
                reply_to = reply_to and still_there(reply_to)
                if reply_to and not reply_to.is_public:
                    raise Refused(_("The comment you answer is no longer there."), 409)
                if reply_to:
                    discussion = reply_to.discussion
                begun = Discussion.objects.begun(discussion.article)
                held = check(Post(author, begun, text, reply_to=reply_to, told=told))
                return Comment.objects.post(author, begun, text, reply_to, sent, held)
    except (IntegrityError, Refused):  # perhaps by the same form, sent twice at the same moment
        before = Comment.objects.whole().filter(author=author, key=sent).first()
        if before is None:
            raise
    if before.revisions.get(n=1).text != text:
        sentence = _(
            "This form was sent already, with another text. Send it again to post this one too."
        )
        raise SentBefore(sentence, 409)
    return before


def still_there(comment: Comment) -> Comment:
    """It as it is now, in a thread that nobody moves before this transaction ends."""
    Comment.objects.select_for_update().get(pk=comment.thread_id)
    return Comment.objects.whole().get(pk=comment.pk)


def posted(request: HttpRequest, comment: Comment) -> HttpResponse:
    """What the writer sees next: the comment in its place, or that it waits."""
    article = comment.article
    if not comment.is_public:
        notice = _("Thank you. A moderator reads this comment before others can see it.")
        if request.htmx:
            form = (
                composer.for_reply(comment.reply_to, notice=notice)
                if comment.reply_to
                else composer.for_discussion(comment.discussion, notice=notice)
            )
            return composer.answer(request, form, comment.discussion)
        messages.success(request, notice)
        return redirect(f"{article.get_absolute_url()}#discussion")
    if not request.htmx:
        place = comment.get_absolute_url() if comment.root_id else f"{article.get_absolute_url()}"
        return redirect(f"{place}{'' if comment.root_id else '?sort=newest'}#c{comment.pk}")
    if comment.root_id:
        html = fragment("_reply", request.user, reply=comment)
        return place_at(
            html + render_slot(comment.reply_to_id), f"#replies-{comment.root_id}", "beforeend"
        )
    context = {"root": comment, "replies": [], "has_room": True, "more": 0}
    html = fragment("_root", request.user, thread=context)
    fresh = composer.for_discussion(comment.discussion)
    context = {"composer": fresh, "discussion": comment.discussion, "oob": True}
    emptied = render(request, "comments/_composer.html", context).content.decode()
    return place_at(html + emptied, "#threads", "afterbegin")


def render_slot(id: int | None) -> str:
    """An emptied place for a reply, put back beside the answer."""
    return f'<div class="slot" id="slot-{id}" hx-swap-oob="true"></div>'


def place_at(html: str, target: str, swap: str) -> HttpResponse:
    return HttpResponse(html, headers={"HX-Retarget": target, "HX-Reswap": swap})


def own(request: HttpRequest, id: int) -> Comment:
    """The comment, where it is this person's; other people's are simply not found."""
    mine = Comment.objects.whole().filter(author=request.user)
    return get_object_or_404(mine, pk=id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    comment = own(request, id)
    if request.method != "POST":
        if not comment.may_be_edited:
            closed = {"comment": comment, "article": comment.article}
            return render(request, "comments/edit_closed.html", closed, status=403)
        context = {
            "article": comment.article,
            "discussion": comment.discussion,
            "standing": "open",
            "composer": composer.for_edit(comment),
        }
        template = "comments/_write.html" if request.htmx else "comments/write.html"
        return render(request, template, context)
    text = markup.tidy(request.POST.get("text", ""))
    seen = number(request.POST.get("revision", ""))
    if "preview" in request.POST:
        form = composer.for_edit(comment, text)
        form.revision = form.version = seen
        return composer.preview(request, form, comment.discussion)
    try:
        revise(comment, request.user, text, seen, told(request))
    except Refused as refused:
        form = composer.for_edit(comment, text, error=refused.sentence)
        if isinstance(refused, Nudged):
            form.told = refused.told
        return composer.answer(request, form, comment.discussion, refused.status)
    except Stale:
        comment = own(request, id)
        error = _(
            "You changed this comment elsewhere meanwhile. Both texts are here: save yours "
            "again, or copy from the other."
        )
        form = composer.for_edit(comment, text, error=error, theirs=comment.current.text)
        return composer.answer(request, form, comment.discussion, 409)
    if not request.htmx:
        return redirect(f"{comment.get_absolute_url()}#c{comment.pk}")
    html = fragment("_comment", request.user, comment=own(request, id)) + render_slot(comment.pk)
    return place_at(html, f"#c{comment.pk}", "outerHTML")


def revise(
    comment: Comment, author: Any, text: str, revision: int, told: frozenset[str] = frozenset()
) -> None:
    """Raises Refused where the window is over or the text will not do, Stale where it changed."""
    with publishing():
        if not comment.may_be_edited:
            raise Refused(closed_to_changes(comment))
        if text == comment.current.text and revision == comment.current.n:
            return
        held = check(Post(author, comment.discussion, text, comment, told=told))
        comment.edit(text, revision, held)


def closed_to_changes(comment: Comment) -> str:
    if comment.state == Comment.State.REMOVED:
        return _("A moderator removed this comment, so it stays as it was. Your text is kept here.")
    if comment.withdrawn_at:
        return _("You withdrew this comment, so it stays as it was. Your text is kept here.")
    return _(
        "A comment can be changed for 15 minutes; those are over. "
        "Your text is kept here: you can post it as a reply."
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    comment = own(request, id)
    if request.method != "POST":
        template = "comments/_withdraw.html" if request.htmx else "comments/withdraw.html"
        return render(request, template, {"comment": comment, "article": comment.article})
    comment.withdraw()
    if request.htmx:
        html = fragment("_withdrawn", request.user, comment=comment) + render_slot(comment.pk)
        return place_at(html, f"#c{comment.pk}", "outerHTML")
    messages.success(request, _("Your comment is withdrawn. Nobody else can see it now."))
    return redirect(f"{comment.article.get_absolute_url()}#discussion")
