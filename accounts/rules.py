"""The house rules: the version in force, and every older one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import Rulebook


def rules(request: HttpRequest) -> HttpResponse:
    found = Rulebook.objects.in_force()
    if found is None:
        raise Http404
    return show(request, found)


def rulebook(request: HttpRequest, version: int) -> HttpResponse:
    published = Rulebook.objects.filter(published_at__isnull=False)
    return show(request, get_object_or_404(published, version=version))


def show(request: HttpRequest, rulebook: Rulebook) -> HttpResponse:
    versions = Rulebook.objects.filter(published_at__isnull=False)
    context = {"rulebook": rulebook, "versions": versions}
    return render(request, "accounts/rules.html", context)
