"""The article page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from newsroom.models import Article
from newsroom.refusals import refuse


def article(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    """An article with the first page of its discussion. A wrong date leads to the right one."""
    found = (
        Article.objects.select_related("section", "lead_photo", "author").filter(slug=slug).first()
    )
    if found and found.status == Article.Status.WITHDRAWN:
        sentence = _("The newsroom has withdrawn this article.")
        return refuse(request, 410, _("This article was withdrawn"), sentence)
    if found is None or not found.is_published:
        raise Http404
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    return render(request, "article.html", {"article": found})
