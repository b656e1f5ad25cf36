"""The article page."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.models import Article
from newsroom.ready_pages import ready
from newsroom.refusals import refuse

RELATED = 3


@require_safe
@partial(ready, mine="article_mine.html")
def article(request: HttpRequest, year: str, month: str, day: str, slug: str) -> HttpResponse:
    """An article with the first page of its discussion. A former address and a wrong date lead to
    the present one; what stands at an address itself goes before both."""
    articles = Article.objects.select_related("section", "lead_photo", "author")
    found = articles.filter(slug=slug).first()
    if found is None or not found.is_known or found.path != request.path:
        moved = Article.objects.filter(redirects__path=request.path).first()
        if moved and moved.is_known:
            return redirect(moved, permanent=True)
    if found and found.status == Article.Status.WITHDRAWN:
        sentence = _("The newsroom has withdrawn this article.")
        return refuse(request, 410, _("This article was withdrawn"), sentence)
    if found is None or not found.is_published:
        raise Http404
    if found.path != request.path:
        return redirect(found, permanent=True)
    context = {"article": found, "related": related(found), "next": following(found)}
    return render(request, "article.html", context)


def related(article: Article) -> list[Article]:
    """The newest others on the same topics."""
    topics = article.topics.all()
    others = Article.objects.published().filter(topics__in=topics).exclude(pk=article.pk)
    return list(others.distinct().newest_first().cards()[:RELATED])


def following(article: Article) -> Article | None:
    """The one to read next: the section's next older, else the paper's newest other."""
    newest = Article.objects.published().newest_first().cards().exclude(pk=article.pk)
    older = newest.filter(section=article.section).before(
        article.published_at or timezone.now(), article.pk
    )
    return older.first() or newest.first()
