"""What is stored as a number, counted again from the rows."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from comments.models import Comment, Discussion, Recommendation
from comments.models.notification import unread_count


def drifts() -> Iterator[str]:
    """A line for every stored count that is not what the rows say."""
    for model, field, truth in counters():
        for row in model.annotate(truth=truth).exclude(**{field: F("truth")}):
            stored = getattr(row, field)
            yield f"{row._meta.verbose_name} {row.pk}: {field} is {stored}, rows say {row.truth}"


def recount() -> None:
    """Set every stored count to what the rows say, and let the pages be made anew."""
    for model, field, truth in counters():
        model.annotate(truth=truth).exclude(**{field: F("truth")}).update(**{field: truth})
    Discussion.objects.all().bump()


def counters() -> list[tuple[QuerySet, str, Coalesce]]:
    public = Comment.objects.filter(is_public=True)
    return [
        (Discussion.objects.all(), "comment_count", count(public, "discussion")),
        (Comment.objects.filter(root__isnull=True), "replies", count(public, "root")),
        (Comment.objects.all(), "recommends", count(Recommendation.objects.all(), "comment")),
        (User.objects.all(), "unread", unread_count()),
    ]


def count(rows: QuerySet, of: str) -> Coalesce:
    """How many of `rows` belong to the outer row, as an expression."""
    mine = rows.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)
