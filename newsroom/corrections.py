"""Everything that the paper got wrong and put right, the latest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsroom.keyset import cursor, read_cursor
from newsroom.models import Article, Correction

PAGE = 30


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    found = Correction.objects.filter(article__in=Article.objects.published())
    last = read_cursor(request.GET.get("after", ""), "corrections", int)
    if last:
        found = found.filter(pk__lt=last[0])
    shown = list(found.select_related("article__section", "thanks_to").order_by("-id")[: PAGE + 1])
    older = cursor("corrections", shown[PAGE - 1].pk) if len(shown) > PAGE else None
    context = {"corrections": shown[:PAGE], "older": older, "after": last}
    return render(request, "corrections.html", context)
