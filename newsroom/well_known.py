"""The few addresses that every site has: for crawlers, password managers, finders of holes."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

DEEDS = "reply edit withdraw recommend unrecommend report pick unpick history".split()

# A year is the most that RFC 9116 recommends, and a start of the site renews it.
GOOD_UNTIL = timezone.now() + timedelta(days=360)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", {"deeds": DEEDS}, content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {GOOD_UNTIL:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    return redirect("account_change_password")
