"""The pages of the desk. Each is a plain page with plain forms; htmx asks for parts of them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import HttpRequest, number
from accounts.models import User
from comments.desk import heat, queues
from comments.desk.cards import Card, cards
from comments.desk.deeds import (
    DEEDS,
    NOT_BELOW,
    AnswerForm,
    AskForm,
    Deed,
    ReasonForm,
    Seen,
)
from comments.desk.door import for_moderators
from comments.desk.queues import QUEUES, from_queue
from comments.models import Claim, Comment, Decision
from comments.models.appeal import BACKEND
from comments.models.comment import Stale
from comments.models.decision import Decided
from comments.models.rank import NotBelow
from newsroom import differences
from newsroom.catching_up import catch_up
from newsroom.live import LiveEvent


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page inside the admin, with the queues beside it."""
    site = {} if request.htmx else admin.site.each_context(request)
    site |= {"queues": queues.overview(request.user), "undo": undoable(request.user)}
    if not request.htmx:
        site |= {"heat": heat.hottest(), "today": queues.today()}
    return TemplateResponse(
        request, f"admin/desk/{template}.html", site | context, status=status
    ).render()


def undoable(user: User) -> Decision | None:
    return Decision.objects.all().undoable(user).select_related("comment", "clause").first()


# A queue

HEARD = 500  # rows that a page asks about


@for_moderators
@require_http_methods(["GET", "HEAD"])
def queue(request: HttpRequest, slug: str = "waiting") -> HttpResponse:
    found = QUEUES.get(slug)
    if found is None:
        raise Http404
    if "since" in request.GET:
        return catch_up(request, "desk", known=LiveEvent.objects.all())
    since = LiveEvent.objects.newest()  # asked first: nothing that follows is missed
    asked_for = request.GET.get("q", "").strip()[:200]
    rows, following = queues.page(found, request.user, request.GET.get("after", ""), asked_for)
    is_of_comments = found.card == "_card"
    context = {
        "title": found.title,
        "since": since,
        "queue": found,
        "asked_for": asked_for,
        "after": request.GET.get("after", ""),
        "next": following,
        "form": None if is_of_comments else AnswerForm(auto_id=False),
        "rows": cards([row.pk for row in rows]) if is_of_comments else rows,
        "card": found.card,
    }
    return answer(request, "queue", context)


@for_moderators
@require_http_methods(["GET", "HEAD"])
def news(request: HttpRequest, slug: str) -> HttpResponse:
    """The counts, and how many of those that the page has heard of (`?ids=`) are in its queue."""
    found = QUEUES.get(slug)
    if found is None:
        raise Http404
    heard = [number(id) for id in request.GET.get("ids", "").split(",")[:HEARD]]
    new = found.rows(request.user).filter(pk__in=heard).count() if any(heard) else 0
    return answer(request, "_news", {"queue": found, "new": new})


# One comment


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, id: int) -> HttpResponse:
    """GET: its card, with the form of `?deed=`. POST: the deed."""
    if request.method == "POST":
        return decide(request, get_object_or_404(Comment, pk=id))
    shown = the_card(id)
    deed = request.GET.get("deed", "")
    form = form_of(request, deed) if deed in DEEDS and DEEDS[deed].form else None
    if not request.htmx and form is None and shown.comment.state != Comment.State.REMOVED:
        deed, form = "remove", form_of(request, "remove")  # on its own page it stands open
    if request.htmx and form:
        context = {"shown": shown, "deed": deed, "form": form, "queue": from_queue(request)}
        return answer(request, "_reason", context)
    return card_page(request, shown, deed, form)


def the_card(id: int) -> Card:
    since = LiveEvent.objects.newest()  # asked first: nothing that follows is missed
    found = cards([id] if id < 2**63 else [])
    if not found:
        raise Http404
    found[0].since = since
    return found[0]


def card_page(
    request: HttpRequest, shown: Card, deed: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    if request.htmx:
        return answer(request, "_card", {"shown": shown, "queue": from_queue(request)}, status)
    author = shown.comment.author
    context = {
        "since": shown.since,
        "title": _("Comment by %(name)s") % {"name": author or _("deleted account")},
        "shown": shown,
        "deed": deed,
        "form": form,
        "queue": from_queue(request),
        "reports": shown.comment.reports.select_related("reporter", "decision"),
        "decisions": shown.comment.decisions.select_related("by").order_by("-pk"),
    }
    return answer(request, "comment", context, status)


def form_of(request: HttpRequest, deed: str) -> Any:
    kind: Any = DEEDS[deed].form
    data = request.POST if request.method == "POST" else None
    if kind is AskForm:
        colleagues = User.objects.with_perm("comments.moderate_comment", backend=BACKEND)
        return AskForm(data, prefix=deed, colleagues=colleagues.exclude(pk=request.user.pk))
    return kind(data, prefix=deed) if kind else None


def decide(request: HttpRequest, comment: Comment) -> HttpResponse:
    name = request.POST.get("deed", "")
    deed = DEEDS.get(name)
    if deed is None:
        messages.error(request, _("There is no such deed here. Please choose one below."))
        return redirect("desk-comment", comment.pk)
    form = form_of(request, name)
    if form and not form.is_valid():
        return ask_again(request, comment, name, form)
    seen = Seen(number(request.POST.get("revision", "")), number(request.POST.get("last", "")))
    try:
        deed.do(comment, request.user, seen, form.cleaned_data if form else {}, form)
    except Stale:
        return refused(request, comment, seen)
    except Decided:
        return refused(request, comment, None)
    except NotBelow:
        return not_below(request, comment)
    return done(request, comment, deed)


def ask_again(request: HttpRequest, comment: Comment, deed: str, form: forms.Form) -> HttpResponse:
    shown = the_card(comment.pk)
    if not request.htmx:
        return card_page(request, shown, deed, form, 400)
    context = {"shown": shown, "deed": deed, "form": form, "queue": from_queue(request)}
    response = answer(request, "_reason", context, 400)
    response["HX-Retarget"], response["HX-Reswap"] = f"#deed-{comment.pk}", "innerHTML"
    return response


def refused(request: HttpRequest, comment: Comment, seen: Seen | None) -> HttpResponse:
    """Nothing was decided: the text was changed meanwhile, or somebody else was first."""
    shown = the_card(comment.pk)
    if seen:
        shown.note = _(
            "The author changed this comment while you read it. Nothing was decided: "
            "please read what it says now."
        )
        before = comment.revisions.filter(n=seen.revision).first()
        if before:
            shown.difference = differences.pieces(before.text, shown.comment.current.text)
    else:
        shown.note = _("Somebody decided this before you. Nothing was done twice.")
    return card_page(request, shown, status=409)


def not_below(request: HttpRequest, comment: Comment) -> HttpResponse:
    shown = the_card(comment.pk)
    shown.note = str(NOT_BELOW)
    return card_page(request, shown, status=403)


def done(request: HttpRequest, comment: Comment, deed: Deed) -> HttpResponse:
    """The next state of the desk: the card gone or as it is now, the counts, the way back."""
    found = from_queue(request)
    if request.htmx:
        context: dict[str, Any] = {"queue": found, "said": deed.said}
        if not (deed.leaves and found and found.empties):
            context["shown"] = the_card(comment.pk)
        return answer(request, "_done", context)
    messages.success(request, deed.said)
    if deed.leaves and found:
        return redirect("desk-queue", found.slug)
    return redirect("desk-comment", comment.pk)


@for_moderators
@require_POST
def claim(request: HttpRequest, id: int) -> HttpResponse:
    """Tell the others who is at work on this one."""
    found = get_object_or_404(Comment, pk=id)
    taken = Claim.objects.all().take(found, request.user)
    if not request.htmx:
        return redirect("desk-comment", id)
    context = {"claim": taken, "user": request.user}
    return TemplateResponse(request, "admin/desk/_claim.html", context).render()


@for_moderators
@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Take a decision of one's own back, for 30 seconds."""
    decision = get_object_or_404(Decision.objects.filter(by=request.user), pk=id)
    status = 200
    try:
        Decision.objects.all().undo(decision, request.user)
        said = _("Undone. It is as it was.")
    except Decided:
        said, status = _("That can no longer be undone here: decide anew, with a reason."), 409
    found = from_queue(request)
    if request.htmx and status == 200 and not (decision.comment_id and found and found.empties):
        return HttpResponse(headers={"HX-Refresh": "true"})  # the card is still in the list
    if request.htmx:
        context: dict[str, Any] = {"said": said, "queue": found}
        if decision.comment_id and status == 200:
            context["shown"] = the_card(decision.comment_id)
        return answer(request, "_undone", context, status)
    messages.info(request, said)
    if decision.comment_id:
        return redirect("desk-comment", decision.comment_id)
    return redirect("desk-person", decision.person_id)


# A selection

AT_ONCE = {
    "approve": gettext_lazy("%(count)d approved."),
    "remove": gettext_lazy("%(count)d removed; each author is told why."),
    "restore": gettext_lazy("%(count)d restored to their place; everybody concerned is told."),
}


@for_moderators
@require_POST
def selection(request: HttpRequest) -> HttpResponse:
    """What was ticked is approved, removed or restored; a removal is asked for its reason first."""
    deed = request.POST.get("deed", "")
    if deed not in AT_ONCE:
        messages.error(request, _("There is no such deed here. Please choose one below."))
        return redirect("desk")
    chosen = cards([number(raw) for raw in request.POST.getlist("comment")][:100])
    form = ReasonForm(request.POST if "apply" in request.POST else None)
    if deed == "remove" and not form.is_valid():
        context = {"title": _("Remove comments"), "chosen": chosen, "form": form}
        return answer(request, "selection", context, 400 if form.is_bound else 200)
    count = 0
    for each in chosen:
        pk = each.comment.pk
        revision = number(request.POST.get(f"revision-{pk}", ""))
        seen = Seen(revision, number(request.POST.get(f"last-{pk}", "")))
        try:
            reason = form.cleaned_data if deed == "remove" else {}
            DEEDS[deed].do(each.comment, request.user, seen, reason, form)
            count += 1
        except (Stale, Decided):
            left = _("Left alone, since it was changed or decided meanwhile: “%(text)s”")
            messages.warning(request, left % {"text": each.comment.excerpt})
    messages.success(request, AT_ONCE[deed] % {"count": count})
    found = from_queue(request)
    return redirect("desk-queue", found.slug) if found else redirect("desk")
