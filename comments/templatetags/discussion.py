"""What the paper's own pages show of the discussion, without knowing of it."""

from collections.abc import Mapping
from typing import Any, cast

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, QuerySet
from django.template.context import RequestContext
from django.utils.html import format_html_join
from django.utils.translation import ngettext

from accounts.http import HttpRequest
from accounts.models import User
from comments import composer, thread
from comments.models import Comment, Discussion, Draft, Follow, LastRead, Sanction
from comments.models.discussion import runs_discussions
from comments.thread import SORTS
from comments.unread import news_in
from newsroom.keyset import microseconds
from newsroom.models import Article

register = template.Library()

CHATS = 7  # in the rail


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: RequestContext, article: Article) -> dict[str, Any]:
    """An article's discussion: its first page in HTML, and the composer that applies."""
    request = cast(HttpRequest, context.request)
    found = Discussion.objects.of(article)
    sort = thread.chosen_sort(found, request.GET.get("sort"))
    page = thread.thread(found, sort, request.GET.get("after", ""))
    return {
        "sort": sort,
        "sorts": [
            (name, label)
            for name, (label, _order) in SORTS.items()
            if name != "picks" or page.has_picks or sort == name
        ],
        "after": request.GET.get("after", ""),
        "data": page.data,
    } | mine(context, found, page.html, news_in(found.pk, reader_of(context)))


@register.inclusion_tag("comments/_my_discussion.html", takes_context=True)
def my_discussion(context: RequestContext, kept: dict[str, str]) -> dict[str, Any]:
    """What of the same is this person's, where the page that is everybody's is made already; and
    what is new to them in all the discussions that it names."""
    numbers = {name: int(name.split()[1]) for name in kept if " " in name}
    talk = next(number for name, number in numbers.items() if name.startswith("talk "))
    article = Article.objects.select_related("section").get(pk=talk)
    talks = set(numbers.values())
    reads = {each.discussion_id: each for each in all_news(context["request"].user, talks)}
    lively = [each.discussion_id for each in reads.values() if each.new]
    articles = Article.objects.select_related("section").in_bulk(lively)
    return mine(context, Discussion.objects.of(article), kept["thread"], reads.get(talk)) | {
        "lively": [(each, reads[number].new) for number, each in articles.items()]
    }


def all_news(person: Any, talks: set[int]) -> QuerySet[Any]:
    return LastRead.objects.with_news(person).filter(discussion__in=talks)


def mine(context: RequestContext, discussion: Discussion, html: str, news: Any) -> dict[str, Any]:
    """What is this person's in the discussion, and the thread as they see it."""
    request = cast(HttpRequest, context.request)
    article, person = discussion.article, reader_of(context)
    theirs = what_is_there(discussion, person)
    return {
        "article": article,
        "discussion": discussion,
        "html": thread.for_person(html, person),
        "visitor": context["visitor"],
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "yours": yours(discussion, person) if theirs["has_hidden"] else [],
        "follows": theirs["is_following"],
        "news": news,
        "since": news and microseconds(news.until),
        "until": thread.until(html),
        "is_editor": person.is_authenticated and runs_discussions(person),
        "is_author": person.is_authenticated and person.pk == article.author_id,
    } | composer.state(
        request, discussion, suspended=theirs["is_suspended"], drafted=theirs["has_draft"]
    )


def reader_of(context: RequestContext) -> Any:
    """Nobody, for a visitor: their session is not asked for."""
    return AnonymousUser() if context["visitor"] else context.request.user


def what_is_there(discussion: Discussion, person: Any) -> Mapping[str, Any]:
    """Whether there is anything to ask for: of most people there is nothing, told by one query."""
    if not person.is_authenticated:
        return dict.fromkeys(["has_hidden", "is_following", "is_suspended", "has_draft"], False)
    return User.objects.filter(pk=person.pk).values(
        has_hidden=Exists(hidden(discussion, person)),
        is_following=Exists(Follow.objects.filter(person=person, discussion=discussion.pk)),
        is_suspended=Exists(Sanction.objects.suspensions(person)),
        has_draft=Exists(Draft.objects.filter(article=discussion.pk, person=person)),
    )[0]


def hidden(discussion: Discussion, person: Any) -> QuerySet[Comment]:
    return Comment.objects.filter(
        discussion=discussion.pk, author=person, is_public=False, withdrawn_at__isnull=True
    )


def yours(discussion: Discussion, person: Any) -> list[Comment]:
    """What this person wrote here and others do not see: waiting or removed."""
    return list(hidden(discussion, person).select_related("current").order_by("-id")[:5])


@register.inclusion_tag("comments/_chats.html", takes_context=True)
def chats(context: RequestContext) -> dict[str, Any]:
    alive = list(Discussion.objects.alive()[:CHATS])
    return {"chats": alive, "news": unread(context, alive)}


@register.simple_tag(takes_context=True)
def unread(context: RequestContext, talks: list[Any]) -> dict[int, int]:
    """How many comments are new to this reader under each article, or in each discussion of these.

    In one query; none for a visitor.
    """
    if context.get("visitor", True) or not context["request"].user.is_authenticated:
        return {}
    person, ids = context["request"].user, [talk.pk for talk in talks]
    news = LastRead.objects.with_news(person).filter(discussion__in=ids)
    return dict(news.values_list("discussion", "new"))


@register.simple_tag
def comment_counts(articles: list[Article]) -> dict[int, int]:
    """How many comments each of these articles has, in one query."""
    ids = [article.pk for article in articles]
    return dict(Discussion.objects.filter(pk__in=ids).values_list("pk", "comment_count"))


@register.filter
def of(counts: dict[int, int], key: int) -> int:
    return counts.get(key, 0)


# A number of each plural form that a language may have; "other" is the one that all have.
PLURALS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
COUNTED = {
    "comments": lambda n: ngettext("%d comment", "%d comments", n),
    "new comments": lambda n: ngettext("%d new comment", "%d new comments", n),
    "new replies": lambda n: ngettext("%d new reply", "%d new replies", n),
    "new articles": lambda n: ngettext("%d new article", "%d new articles", n),
    "reading now": lambda n: ngettext("%d reading now", "%d reading now", n),
}


@register.simple_tag
def counted(what: str) -> str:
    """Attributes that hold the words for any number of these, for a script to count with."""
    forms = {form: COUNTED[what](n) for form, n in PLURALS.items()}
    other = forms["other"]
    needed = [(f, words) for f, words in forms.items() if f == "other" or words != other]
    return format_html_join("", ' data-{}="{}"', needed)
