"""Taking an article from the readers, after being told what that does."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.http import HttpRequest
from newsroom.live import publishing
from newsroom.models import Article


def withdraw(request: HttpRequest, article: Article, context: dict[str, Any]) -> HttpResponse:
    if request.method != "POST":
        context |= {"title": _("Withdraw this article?"), "article": article}
        return TemplateResponse(request, "admin/newsroom/article/withdraw.html", context)
    with publishing():
        found = Article.objects.select_for_update().get(pk=article.pk)
        if found.status == Article.Status.PUBLISHED:
            found.withdraw(request.user)
    said = _("“%(headline)s” is withdrawn. Its address says so to whoever comes.")
    messages.success(request, said % {"headline": found.headline})
    return redirect("admin:newsroom_article_change", article.pk)
