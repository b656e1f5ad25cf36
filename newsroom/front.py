"""The front page: what editors placed, filled up by itself where they did not."""

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsroom.models import Article, Placement, Section
from newsroom.models.placement import LEADS
from newsroom.ready_pages import ready

BLOCK = 4  # articles of each section below them


@require_safe
@ready
def front(request: HttpRequest) -> HttpResponse:
    """In a fixed number of queries, however much was ever published."""
    placed = list(Placement.objects.standing().values_list("order", "article")[:LEADS])
    newest = Article.objects.published().newest_first().values_list("pk", flat=True)
    leading = composed(placed, list(newest[: 2 * LEADS]))
    blocks = {section: of_section(section, leading) for section in sections_with_newest()}
    wanted = [*leading, *(id for ids in blocks.values() for id in ids)]
    articles = Article.objects.published().cards().in_bulk(wanted)
    shown = [articles[id] for id in leading if id in articles]
    context = {
        "articles": list(articles.values()),
        "lead": shown[:1],
        "seconds": shown[1:],
        "blocks": [
            (section, [articles[id] for id in ids if id in articles])
            for section, ids in blocks.items()
            if ids
        ],
    }
    return render(request, "front.html", context)


def composed(placed: list[tuple[int, int]], newest: list[int]) -> list[int]:
    """The ids of those above: each where its editor placed it, and the newest around them."""
    kept = {id for _place, id in placed}
    rest = [id for id in newest if id not in kept]
    shown: list[int] = []
    for place, id in placed:
        free = max(place - 1 - len(shown), 0)
        shown += rest[:free]
        del rest[:free]
        shown.append(id)
    return (shown + rest)[:LEADS]


def sections_with_newest() -> list[Section]:
    """Every section with the ids of its newest articles, each found by one step in an index."""
    newest = Article.objects.published().filter(section=OuterRef("pk")).newest_first().values("pk")
    return list(
        Section.objects.annotate(
            **{f"newest_{n}": Subquery(newest[n : n + 1]) for n in range(BLOCK + LEADS)}
        )
    )


def of_section(section: Section, but: list[int]) -> list[int]:
    newest = [getattr(section, f"newest_{n}") for n in range(BLOCK + LEADS)]
    return [id for id in newest if id and id not in but][:BLOCK]
