"""/search/: articles and public comments by their words, the best first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comments.models import Comment
from comments.models.comment_words import COMMENT_WORDS
from newsroom import markup
from newsroom.index import AnyIndex, looking
from newsroom.models import Article, Section
from newsroom.models.article_words import ARTICLE_WORDS
from newsroom.snippets import marked, snippet
from newsroom.words import Asked, asked

LONGEST = 200  # characters of a question
PAGE = 20
PAGES = 10  # whoever has read so many does better with another word
RANKED = 500  # the newest that match; older ones are not compared, so that no word is slow
COMMENTS_READ = 5000  # the newest that match, to pick out those of a section

# A text of today counts this much more than an old one; half of it is gone after a month.
FRESH = 0.4
FRESH_FOR = timedelta(days=30)
BESIDE_ARTICLES = 0.8  # what a comment counts where both are looked for

PERIODS = {
    "": _("Any time"),
    "today": _("Today"),
    "week": _("The last week"),
    "month": _("The last month"),
    "year": _("The last year"),
}
DAYS = {"week": 7, "month": 31, "year": 366}


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search for"), required=False)
    what = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices={"": _("Everything"), "articles": _("Articles"), "comments": _("Comments")},
    )
    section = forms.ModelChoiceField(
        Section.objects.all(),
        label=_("Section"),
        required=False,
        to_field_name="slug",
        empty_label=_("All sections"),
    )
    period = forms.ChoiceField(label=_("When"), required=False, choices=PERIODS)


@dataclass(frozen=True)
class Match:
    score: float
    is_article: bool
    pk: int


@dataclass(frozen=True)
class Found:
    """One result, as it is shown."""

    article: Article
    comment: Comment | None
    title: SafeString
    snippet: SafeString


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Any question is answered: what cannot be read in it is left out."""
    said = {name: markup.tidy(text[: 2 * LONGEST]) for name, text in request.GET.dict().items()}
    question = said.get("q", "")[:LONGEST]
    form = SearchForm(said | {"q": question})
    form.is_valid()
    wanted = form.cleaned_data
    words = asked(question)
    with looking():
        matches, all_words = matching(words, wanted), True
        if not matches and len(words) > 1:
            matches, all_words = matching(words, wanted, every=False), False
    last_page = min(-(-len(matches) // PAGE), PAGES) or 1
    number = min(page_number(request.GET.get("page", "")), last_page)
    context = {
        "form": form,
        "question": question,
        "words": words,
        "all_words": all_words,
        "found": shown(matches[(number - 1) * PAGE : number * PAGE], words),
        "count": len(matches),
        "there_may_be_more": len(matches) >= RANKED,
        "shown": min(len(matches), PAGE * PAGES),
        "page": number,
        "before": number - 1,
        "next": number + 1,
        "last_page": last_page,
        "filtered": any(wanted.get(name) for name in ("what", "section", "period")),
    }
    return render(request, "comments/search.html", context)


def page_number(said: str) -> int:
    try:
        return max(int(said), 1)
    except ValueError:
        return 1


def matching(words: Asked, wanted: dict[str, Any], every: bool = True) -> list[Match]:
    """The best first, of what readers may see."""
    if not words:
        return []
    section, since = wanted.get("section"), beginning(wanted.get("period"))
    matches: list[Match] = []
    if wanted.get("what") != "comments":
        articles = Article.objects.published().newest_first()
        articles = articles.filter(section=section) if section else articles
        articles = articles.filter(published_at__gte=since) if since else articles
        found = ARTICLE_WORDS.among(articles, words, every)
        matches += ranked(ARTICLE_WORDS, words, found.values_list("pk", "published_at"), True)
    if wanted.get("what") != "articles":
        read = COMMENT_WORDS.newest(words, every, COMMENTS_READ if section else RANKED)
        comments = Comment.objects.public().filter(pk__in=read).order_by("-id")
        comments = comments.filter(discussion__article__section=section) if section else comments
        comments = comments.filter(created_at__gte=since) if since else comments
        matches += ranked(COMMENT_WORDS, words, comments.values_list("pk", "created_at"), False)
    return sorted(matches, key=lambda match: (-match.score, -match.pk))


def ranked(index: AnyIndex, words: Asked, rows: QuerySet[Any], is_article: bool) -> list[Match]:
    """`rows` are pairs of id and time, the newest first."""
    times: dict[int, datetime] = dict(rows[:RANKED])
    if not times:
        return []
    scores = index.scores(words, list(times))
    # The engines count differently, and long texts otherwise than short ones: only shares compare.
    best = max(scores.values(), default=0) or 1
    now = timezone.now()
    return [
        Match(
            score=max(scores.get(pk, 0), 0)
            / best
            * freshness(now - at)
            * (1 if is_article else BESIDE_ARTICLES),
            is_article=is_article,
            pk=pk,
        )
        for pk, at in times.items()
    ]


def freshness(age: timedelta) -> float:
    return 1 + FRESH * 0.5 ** (age / FRESH_FOR)


def beginning(period: str | None) -> datetime | None:
    if not period:
        return None
    if period == "today":
        return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return timezone.now() - timedelta(days=DAYS[period])


def shown(matches: list[Match], words: Asked) -> list[Found]:
    """These, asked for once more: what was hidden meanwhile is not among them."""
    articles = (
        Article.objects.published()
        .select_related("section")
        .defer("body")
        .in_bulk([match.pk for match in matches if match.is_article])
    )
    comments = (
        Comment.objects.public()
        .whole()
        .defer("discussion__article__body", "discussion__article__body_html")
        .in_bulk([match.pk for match in matches if not match.is_article])
    )
    found = []
    for match in matches:
        if match.is_article and match.pk in articles:
            found.append(of_article(articles[match.pk], words))
        elif not match.is_article and match.pk in comments:
            found.append(of_comment(comments[match.pk], words))
    return found


def of_article(article: Article, words: Asked) -> Found:
    text = " ".join([article.standfirst, markup.text_of(article.body_html)])
    return Found(article, None, marked(article.headline, words), snippet(text.strip(), words))


def of_comment(comment: Comment, words: Asked) -> Found:
    text = markup.text_of(comment.current.html)
    return Found(comment.article, comment, marked("", words), snippet(text, words))
