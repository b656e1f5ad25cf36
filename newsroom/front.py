"""The front page: what editors placed, filled up by itself where they did not."""

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from newsroom.models import Article, Placement, Section
from newsroom.ready_pages import ready

LEADS = 1 + 4  # the lead and its seconds
BLOCK = 4  # articles of each section below them


@ready
def front(request: HttpRequest) -> HttpResponse:
    """In a fixed number of queries, however much was ever published."""
    placed = list(Placement.objects.standing().values_list("article", flat=True)[:LEADS])
    newest = Article.objects.published().newest_first().values_list("pk", flat=True)
    leading = list(dict.fromkeys([*placed, *newest[: 2 * LEADS]]))[:LEADS]
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
