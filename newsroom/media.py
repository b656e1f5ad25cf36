"""Uploaded files, for a site that has no other server for them. Their names never repeat."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

from newsroom.renditions import TYPES

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# All that the site itself ever puts there. Their types are said by us: no table of the machine's
# is asked, and nothing of the file.
NAME = re.compile(r"\w+/[\w-]{1,100}\.(avif|jpg|webp)/?", re.ASCII)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    name = NAME.fullmatch(path)
    if name is None:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Content-Type"] = TYPES[name[1]]
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = f'inline; filename="image.{name[1]}"'
    return response
