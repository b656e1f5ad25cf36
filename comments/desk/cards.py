"""One comment with all that bears on it. However many are laid out, the queries are the same."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from comments.models import Claim, Comment, Decision, Note, Opinion, Report, Sanction
from newsroom.models import ArticleVersion

RECORD = timedelta(days=90)


@dataclass
class Record:
    """What is known of a person, for those who decide."""

    accepted: int = 0
    removed: int = 0
    reported: int = 0
    upheld: int = 0
    sanctions: int = 0
    warnings: int = 0
    notes: list[Note] = field(default_factory=list)
    in_force: list[Sanction] = field(default_factory=list)


@dataclass
class Card:
    comment: Comment
    last: int = 0  # the newest decision on it
    reports: list[Report] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)  # the open reports, in words
    opinions: list[Opinion] = field(default_factory=list)
    claim: Claim | None = None
    record: Record = field(default_factory=Record)
    version: int | None = None  # of the article, when it was written
    before: Comment | None = None
    after: Comment | None = None
    since: int = 0  # the newest event that it knows of
    note: str = ""  # what the moderator is to know first
    difference: list[Any] = field(default_factory=list)

    @property
    def why_warm(self) -> bool:
        return bool(self.counted)


def whole() -> QuerySet[Comment]:
    versions = ArticleVersion.objects.filter(
        article=OuterRef("discussion"), at__lte=OuterRef("created_at")
    )
    near = Comment.objects.filter(root=OuterRef("root"), is_public=True).order_by()
    earlier, later = near.filter(pk__lt=OuterRef("pk")), near.filter(pk__gt=OuterRef("pk"))
    decided = Decision.objects.filter(comment=OuterRef("pk")).order_by("-pk")
    return Comment.objects.select_related(
        "author", "current", "reply_to__author", "reply_to__current", "discussion__article__section"
    ).annotate(
        last_decision=Subquery(decided.values("pk")[:1]),
        article_version=Subquery(versions.order_by("-n").values("n")[:1]),
        sibling_before=Subquery(earlier.order_by("-pk").values("pk")[:1]),
        sibling_after=Subquery(later.order_by("pk").values("pk")[:1]),
    )


def cards(ids: list[int]) -> list[Card]:
    """Their cards, in this order."""
    open_reports = Report.objects.filter(is_open=True).select_related("reporter")
    found = {
        comment.pk: comment
        for comment in whole()
        .filter(pk__in=ids)
        .prefetch_related(
            Prefetch("reports", open_reports, "open_reports"),
            Prefetch("opinions", Opinion.objects.select_related("by", "of"), "asked"),
            Prefetch("claim", Claim.objects.held().select_related("person")),
        )
    }
    people = records([comment.author_id for comment in found.values() if comment.author_id])
    siblings = Comment.objects.select_related("author", "current").in_bulk(
        [
            pk
            for each in found.values()
            for pk in (each.sibling_before, each.sibling_after)  # type: ignore[attr-defined]
            if pk and pk != each.reply_to_id
        ]
    )
    return [card(found[pk], people, siblings) for pk in ids if pk in found]


def card(comment: Any, people: dict[int, Record], siblings: dict[int, Comment]) -> Card:
    return Card(
        comment,
        comment.last_decision or 0,
        comment.open_reports,
        in_words(comment.open_reports),
        comment.asked,
        getattr(comment, "claim", None),
        people.get(comment.author_id, Record()),
        comment.article_version,
        siblings.get(comment.sibling_before),
        siblings.get(comment.sibling_after),
    )


def in_words(reports: list[Report]) -> list[str]:
    """“2 reports: It insults somebody”, the most frequent first."""
    kinds: dict[str, int] = {}
    for report in reports:
        kinds[str(report.get_kind_display())] = kinds.get(str(report.get_kind_display()), 0) + 1
    return [
        ngettext("%(count)d report: %(kind)s", "%(count)d reports: %(kind)s", count)
        % {"count": count, "kind": kind}
        for kind, count in sorted(kinds.items(), key=lambda item: -item[1])
    ]


def records(people: list[int]) -> dict[int, Record]:
    """What is known of these people, in five queries."""
    known = {pk: Record() for pk in people}
    recent = Comment.objects.filter(author__in=people, created_at__gt=timezone.now() - RECORD)
    for row in recent.values("author").annotate(
        accepted=Count("pk", Q(is_public=True)),
        removed=Count("pk", Q(state=Comment.State.REMOVED)),
    ):
        known[row["author"]].accepted, known[row["author"]].removed = (
            row["accepted"],
            row["removed"],
        )
    reports = Report.objects.filter(reporter__in=people)
    for made in reports.values("reporter").annotate(
        all=Count("pk"), upheld=Count("pk", Q(outcome=Report.Outcome.UPHELD))
    ):
        known[made["reporter"]].reported = made["all"]
        known[made["reporter"]].upheld = made["upheld"]
    measures = Decision.objects.filter(person__in=people, action__in=Decision.ABOUT_A_PERSON)
    for taken in measures.values("person").annotate(
        sanctions=Count("pk", ~Q(action=Decision.Action.WARN)),
        warnings=Count("pk", Q(action=Decision.Action.WARN)),
    ):
        known[taken["person"]].sanctions = taken["sanctions"]
        known[taken["person"]].warnings = taken["warnings"]
    for sanction in Sanction.objects.in_force().filter(person__in=people):
        known[sanction.person_id].in_force.append(sanction)
    for note in Note.objects.filter(person__in=people).select_related("by").order_by("-pk"):
        known[note.person_id].notes.append(note)
    return known


def record(person: User) -> Record:
    return records([person.pk])[person.pk]


def latest(comment: Comment) -> int:
    return comment.decisions.aggregate(last=Max("pk"))["last"] or 0
