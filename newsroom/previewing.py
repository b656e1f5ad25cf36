"""An article as its readers will see it, on a phone and on a desk, before they do."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import autosaving, markup
from newsroom.models import Article, Photo, Section

TEXTS = ("headline", "standfirst", "dateline", "byline", "source", "body", "language")


def preview(request: Any, article: Article | None, context: dict[str, Any]) -> HttpResponse:
    """Two frames around `page`, as wide as a phone and as a desk."""
    context |= {
        "title": _("Preview"),
        "article": article,
        "unsaved": autosaving.of(request, article),
        "id": article.pk if article else "new",
    }
    response: Any = TemplateResponse(request, "admin/newsroom/article/preview.html", context)
    response._csp_update = {"frame-src": ["'self'"]}
    return response


def page(request: Any, article: Article | None, context: Any) -> HttpResponse:
    """The article's own page as a visitor gets it, with this person's unsaved words in it."""
    shown = article or Article(pk=0, section=Section.objects.first())
    kept = autosaving.of(request, article)
    if kept:
        put_on(shown, kept.fields)
    shown.body_html = markup.clean_article(shown.body)
    shown.byline = shown.byline or ("" if article else request.user.name)  # as saving it will
    shown.slug = shown.slug or "preview"
    shown.published_at = shown.published_at or timezone.now()
    request.user = AnonymousUser()
    response: Any = render(request, "article.html", {"article": shown, "visitor": True})
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # the only page that may be framed
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def put_on(article: Article, fields: dict[str, list[str]]) -> None:
    """What was typed, on the article in hand; nothing is stored."""
    for name in TEXTS:
        if fields.get(name):
            setattr(article, name, fields[name][0])
    for name, model in (("section", Section), ("lead_photo", Photo)):
        if name in fields:
            chosen = [pk for pk in fields[name] if pk.isdecimal()]
            found = model._default_manager.filter(pk__in=chosen).first()
            if found or name == "lead_photo":
                setattr(article, name, found)
