from typing import Any

from django.conf import settings
from django.http import HttpRequest

from newsroom.models import Section
from newsroom.visitors import is_visitor


def paper(request: HttpRequest) -> dict[str, Any]:
    """What every page shows of the paper. `visitor` spares pages from asking for a session."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "visitor": is_visitor(request),
        "languages": settings.LANGUAGES,
        "sections": Section.objects.all(),
        "here": request.get_full_path(),
    }
