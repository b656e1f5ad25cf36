"""What every answer carries."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_cache_control, patch_vary_headers

from newsroom.visitors import is_visitor

GetResponse = Callable[[HttpRequest], HttpResponse]

METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
)


def response_headers(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith("/accounts/"):
            response.headers["Referrer-Policy"] = "same-origin"  # some addresses here are secrets
            if settings.SOCIAL_ORIGINS and not hasattr(response, "_csp_update"):
                # A form's redirect counts as where the form leads.
                response._csp_update = {"form-action": settings.SOCIAL_ORIGINS}  # type: ignore[attr-defined]
        return response

    return middleware


def nobody_yet(get_response: GetResponse) -> GetResponse:
    """A visitor is nobody: known without reading a session, which would make the page theirs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_visitor(request):
            request.user = AnonymousUser()
        return get_response(request)

    return middleware


def known_methods(get_response: GetResponse) -> GetResponse:
    """No page knows another; Django's own take all that is no POST for a GET."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


def readable_addresses(get_response: GetResponse) -> GetResponse:
    """No address of ours holds a NUL, and PostgreSQL breaks where one is asked for.

    A search answers any question, and takes the NUL out itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query = "" if request.path == "/search/" else request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query:
            raise BadRequest("a NUL in the address")
        return get_response(request)

    return middleware


def cache_headers(get_response: GetResponse) -> GetResponse:
    """Visitors' pages may be kept and asked about again; whatever read a session may not."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" in response.headers:
            return response
        session = getattr(request, "session", None)
        personal = not is_visitor(request) or (session is not None and session.accessed)
        if personal or response.cookies or request.method not in ("GET", "HEAD"):
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    return middleware
