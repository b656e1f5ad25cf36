"""Where browsers say that a page broke the content security policy: one line in the log each."""

import json
import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LONGEST = 10_000

logger = logging.getLogger("security")


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    try:
        too_long = len(request.body) > LONGEST
    except RequestDataTooBig:
        too_long = True
    if too_long:
        return HttpResponse(status=413)
    try:
        report = json.loads(request.body)["csp-report"]
        directive, page = str(report["violated-directive"]), str(report["document-uri"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponse(status=400)
    logger.warning("csp_violation directive=%.80r page=%.200r", directive, page)
    return HttpResponse(status=204)
