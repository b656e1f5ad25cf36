"""/i18n/: the language that the pages speak.

What a reader chose on a page goes before what their account says, and that before their browser.
Mail follows the account.
"""

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.http import HttpRequest
from newsroom.middleware import GetResponse
from newsroom.visitors import from_our_own_page


@csrf_exempt  # a visitor's page is everybody's and holds no token: the origin is checked instead
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    if not from_our_own_page(request):
        raise PermissionDenied
    language = request.POST.get("language", "")
    if not is_spoken(language):
        raise BadRequest("not a language of ours")
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    back = request.POST.get("next", "")
    here = {request.get_host()}
    if not url_has_allowed_host_and_scheme(back, here, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def account_language(get_response: GetResponse) -> GetResponse:
    """Django's own middleware has looked at the cookie and the browser; between them stands what
    the account says."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if not is_spoken(chosen) and request.user.is_authenticated:
            language = request.user.language
            if is_spoken(language):
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return get_response(request)

    return middleware  # type: ignore[return-value]


def is_spoken(language: str) -> bool:
    return language in dict(settings.LANGUAGES)
