"""The house rules: the version in force, every older one, and their acceptance."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import HttpRequest
from accounts.models import Rulebook, RulesAcceptance


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    found = Rulebook.objects.in_force()
    if found is None:
        raise Http404
    return show(request, found)


@require_safe
def rulebook(request: HttpRequest, version: int) -> HttpResponse:
    published = Rulebook.objects.filter(published_at__isnull=False)
    return show(request, get_object_or_404(published, version=version))


def show(request: HttpRequest, rulebook: Rulebook) -> HttpResponse:
    versions = Rulebook.objects.filter(published_at__isnull=False)
    context = {"rulebook": rulebook, "versions": versions}
    return render(request, "accounts/rules.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Asked after log-in where there is a new version, and by whoever wants to be done with it."""
    back = get_next_redirect_url(request) or "/"
    if request.POST.get("rules"):
        accept_as_shown(request)
    rulebook = Rulebook.objects.awaiting(request.user)
    return ask(request, rulebook, next=back) if rulebook else redirect(back)


def ask(request: HttpRequest, rulebook: Rulebook, **more: Any) -> HttpResponse:
    """The page that says what changed. `kept` is what comes back with the answer, field by field,
    to the address of the deed that waits."""
    context = {"rulebook": rulebook, "news": Rulebook.objects.news_for(request.user)} | more
    return render(request, "accounts/rules_changed.html", context)


def accept_as_shown(request: HttpRequest) -> None:
    """The version in the form, if it is still the one in force."""
    rulebook = Rulebook.objects.in_force()
    if rulebook and request.POST.get("rules") == str(rulebook.version):
        RulesAcceptance.objects.get_or_create(person=request.user, rulebook=rulebook)
