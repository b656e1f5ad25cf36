"""Who gets in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.http import HttpRequest

Page = Callable[..., HttpResponse]


def for_moderators(page: Page) -> Page:
    """In the admin, with its rules for getting in, and for whoever may decide on comments."""

    @wraps(page)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        return page(request, *args, **kwargs)

    return admin.site.admin_view(allowed)
