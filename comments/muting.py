"""Not reading somebody: their comments fold, for whoever says so. They are not told."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import HttpRequest, number
from accounts.models import Allowance, TooFast, User
from comments.models import Comment, Mute, Notification
from comments.signing_in import signed_in
from newsroom.refusals import refuse


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: HttpRequest, username: str) -> HttpResponse:
    """POST mutes, or with `undo` unmutes; said twice, it is said once."""
    person = get_object_or_404(User, username=username, is_active=True)
    if person == request.user:
        sentence = _("Your own comments stay as they are. You can withdraw any of them.")
        return refuse(request, 403, _("That is you"), sentence)
    about = number((request.POST or request.GET).get("comment", ""))
    if request.method != "POST":
        context = {
            "person": person,
            "about": about or "",
            "is_muted": Mute.objects.filter(person=request.user, muted=person).exists(),
        }
        template = "comments/_mute.html" if request.htmx else "comments/mute.html"
        return render(request, template, context)
    if request.POST.get("undo"):
        Mute.objects.filter(person=request.user, muted=person).delete()
    else:
        try:
            Allowance.objects.spend("mute", f"person:{request.user.pk}")
        except TooFast as too_fast:
            return refuse(request, 429, _("One moment, please"), too_fast.sentence)
        Mute.objects.get_or_create(person=request.user, muted=person)
    Notification.objects.recount([request.user.pk])
    if request.htmx:
        return HttpResponseClientRefresh()
    said = _("You read %(name)s again.") if request.POST.get("undo") else _("%(name)s is muted.")
    messages.success(request, said % {"name": person.name})
    comment = Comment.objects.visible_to(request.user).filter(pk=about).first()
    return redirect(comment or "me")
