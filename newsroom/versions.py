"""An article's record in the admin: who did what to it and when, and what differs between any two
of its versions."""

from itertools import zip_longest
from typing import Any

from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.http import number
from newsroom import differences
from newsroom.models import Article, ArticleVersion


def words(thing: Article | ArticleVersion) -> dict[str, Any]:
    return model_to_dict(thing, ArticleVersion.WORDS)


def versions(request: HttpRequest, article: Article, context: dict[str, Any]) -> HttpResponse:
    """All of them, and the difference between two: `?old=2&new=4`, else the last two."""
    record = list(article.versions.select_related("by").defer("body"))
    for version, before in zip_longest(record, record[1:]):
        # The clock publishes what somebody scheduled, and nothing else.
        version.by_the_clock = (
            version.by_id is None
            and version.deed == ArticleVersion.Deed.PUBLISHED
            and before is not None
            and before.deed == ArticleVersion.Deed.SCHEDULED
        )
    newest = record[0].n if record else 0
    new = number(request.GET.get("new", "")) or newest
    old = number(request.GET.get("old", "")) or new - 1
    shown = {each.n: each for each in article.versions.filter(n__in=(old, new))}
    context |= {
        "title": _("Record of “%(headline)s”") % {"headline": article.headline},
        "article": article,
        "record": record,
        "old": shown.get(old),
        "new": shown.get(new),
        "differences": differences.between(words(shown[old]), words(shown[new]))
        if len(shown) == 2
        else None,
    }
    return TemplateResponse(request, "admin/newsroom/article/versions.html", context)
