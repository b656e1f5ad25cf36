"""The article page."""

from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from newsroom.models import Article
from newsroom.refusals import refuse

RELATED = 3


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
    if request.path != unquote(found.get_absolute_url()):
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
    older = newest.filter(section=article.section).before(article.published_at, article.pk)
    return older.first() or newest.first()
