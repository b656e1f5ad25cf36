"""The door of the newsroom. Nobody comes in by a password alone, nor stays for ever."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper, wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from accounts.security import proof_of

Page = Callable[..., HttpResponse]

LONGEST = timedelta(hours=12)  # a shift: then the second factor is asked for again
IDLE = timedelta(hours=1)
STAMPED_EVERY = timedelta(minutes=1)  # so that not every page writes the session
SEEN = "newsroom_seen_at"

# Tables of allauth that hold secrets, or that only their owner has to do with.
NOT_AT_THE_DESK = {"mfa", "socialaccount", "usersessions"}


class Door(AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = gettext_lazy("Newsroom")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else None
        for model in models or [model_or_iterable]:
            if model._meta.app_label not in NOT_AT_THE_DESK:
                super().register(model, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, with a second factor proved in this very session. A demo asks for none of it."""
        return super().has_permission(request) and (settings.DEMO or is_proved(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def stamped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if self.has_permission(request):
                stamp(request)
            return inner(request, *args, **kwargs)

        return update_wrapper(stamped, inner)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """No form of its own: it leads to whatever is missing, and from there back."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            wanted = reverse("admin:index")
        back = urlencode({"next": wanted})
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{back}")
        if not super().has_permission(request):
            raise PermissionDenied
        return redirect(wanted if self.has_permission(request) else way_in(request, back))


def behind_the_door(page: Page) -> Page:
    """For a page of the paper on which staff do their work: to them it opens as the admin does,
    and it is the page that says who else may do what. From the factor it leads back to the page
    that asks, since what was sent is not kept."""

    @wraps(page)
    def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated or not request.user.is_staff:
            return page(request, *args, **kwargs)
        if not site.has_permission(request):
            address = way_in(request, urlencode({"next": request.path}))
            return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
        stamp(request)
        return page(request, *args, **kwargs)

    return inside


def way_in(request: HttpRequest, back: str) -> str:
    """Where to prove a second factor, or to set one up."""
    for method in get_adapter().get_reauthentication_methods(request.user):
        if method["id"].startswith("mfa_"):
            return f"{method['url']}?{back}"
    messages.warning(
        request,
        _(
            "The newsroom opens to two factors only. Please set up an authenticator app or a "
            "passkey here; then you can go in."
        ),
    )
    return reverse("mfa_index")


def is_proved(request: HttpRequest) -> bool:
    proved = proof_of(request)
    now = time.time()
    seen = max(proved, request.session.get(SEEN, 0))
    return now - proved < LONGEST.total_seconds() and now - seen < IDLE.total_seconds()


def stamp(request: HttpRequest) -> None:
    now = time.time()
    if now - request.session.get(SEEN, 0) > STAMPED_EVERY.total_seconds():
        request.session[SEEN] = now
