"""The window in which the editor of an article asks for a photo of the paper's own."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from newsroom.models import Photo

SHOWN = 24


def photos(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The newest, or the newest with these words in description, caption or credit."""
    asked = request.GET.get("q", "").strip()[:100]
    found = Photo.objects.order_by("-pk")
    for word in asked.split():
        found = found.filter(
            Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word)
        )
    context |= {"title": _("Choose a photo"), "photos": found[:SHOWN], "asked": asked}
    context |= {"is_popup": True, "caller": request.GET.get("CKEditorFuncNum", "")}
    return TemplateResponse(request, "admin/newsroom/article/photos.html", context)
