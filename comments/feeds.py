"""Comments for programs: what is said in a discussion, and what is answered to somebody."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comments.models import Comment, FeedKey, Mute
from comments.models.comment import Comments
from comments.models.draft import new_key
from newsroom.feeds import legal, plain
from newsroom.language import papers_own
from newsroom.models import Article

NEWEST = 50


class Said(Feed):
    """Newest first. A search engine reads the page, where the people have the first word."""

    item_guid_is_permalink = True

    @method_decorator(require_safe)
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with papers_own():
            response = super().__call__(request, *args, **kwargs)
        response.headers["Content-Language"] = settings.LANGUAGE_CODE
        # What is hidden makes no date later: only the ETag tells that something has changed.
        del response.headers["Last-Modified"]
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def item_title(self, item: Comment) -> str:
        name = item.author.name if item.author else _("deleted account")
        said = _("%(name)s on “%(headline)s”") % {"name": name, "headline": item.article.headline}
        return plain(said)

    def item_description(self, item: Comment) -> str:
        return legal(item.html)

    def item_link(self, item: Comment) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    item_guid = item_link

    def item_pubdate(self, item: Comment) -> datetime:
        return item.created_at

    def item_author_name(self, item: Comment) -> str | None:
        return plain(item.author.name) if item.author else None


class InDiscussion(Said):
    def get_object(self, request: HttpRequest, id: int) -> Article:
        return Article.objects.published().select_related("section").get(pk=id)

    def title(self, article: Article) -> str:
        said = _("Discussion: %(headline)s") % {"headline": article.headline}
        return f"{plain(said)} – {plain(settings.SITE_NAME)}"

    def description(self, article: Article) -> str:
        return plain(article.standfirst)

    def link(self, article: Article) -> str:
        return f"{settings.SITE_URL}{article.get_absolute_url()}"

    def feed_url(self, article: Article) -> str:
        return f"{settings.SITE_URL}{reverse('discussion-rss', args=[article.pk])}"

    def items(self, article: Article) -> Comments:
        said = Comment.objects.public().filter(discussion=article.pk)
        return said.whole().order_by("-id")[:NEWEST]


class ToMe(Said):
    """For whoever has the key: a program that reads feeds cannot log in."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def get_object(self, request: HttpRequest, key: str) -> FeedKey:
        return FeedKey.objects.select_related("person").get(key=key, person__is_active=True)

    def title(self, key: FeedKey) -> str:
        return f"{plain(_('Replies to me'))} – {plain(settings.SITE_NAME)}"

    def description(self, key: FeedKey) -> str:
        return plain(_("What others answered to %(name)s.") % {"name": key.person.name})

    def link(self, key: FeedKey) -> str:
        return f"{settings.SITE_URL}{reverse('me')}"

    def feed_url(self, key: FeedKey) -> str:
        return f"{settings.SITE_URL}{key.get_absolute_url()}"

    def items(self, key: FeedKey) -> Comments:
        muted = Mute.objects.filter(person=key.person).values("muted")
        answers = Comment.objects.public().answering(key.person).exclude(author__in=muted)
        return answers.whole().order_by("-id")[:NEWEST]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_feed(request: HttpRequest) -> HttpResponse:
    """The address of my replies' feed. POST makes one, or another in its place, or ends it."""
    mine = FeedKey.objects.filter(person=request.user.pk)
    if request.method != "POST":
        return render(request, "comments/my_feed.html", {"feed": mine.first()})
    if request.POST.get("deed") == "end":
        mine.delete()
    else:
        FeedKey.objects.update_or_create(person_id=request.user.pk, defaults={"key": new_key()})
    return redirect("my-feed")
