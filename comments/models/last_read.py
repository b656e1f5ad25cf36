from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from comments.models.comment import Comment
from comments.models.discussion import Discussion


class LastReads(models.QuerySet["LastRead"]):
    def seen(self, person, discussion: Discussion, until: datetime) -> None:
        """This person saw what had appeared by then. It never goes back, whatever a device says."""
        row, new = self.get_or_create(
            person=person, discussion=discussion, defaults={"until": until}
        )
        if not new:
            self.filter(pk=row.pk, until__lt=until).update(until=until)

    def with_news(self, person) -> "LastReads":
        """Each with `new`: how many comments have appeared since that are new to this person."""
        appeared = Comment.objects.filter(
            discussion=OuterRef("discussion"), appeared_at__gt=OuterRef("until")
        ).new_to(person)
        counted = appeared.order_by().values("discussion").annotate(n=Count("pk")).values("n")
        return self.filter(person=person).annotate(new=Coalesce(Subquery(counted), 0))


class LastRead(models.Model):
    """Up to when a person has seen a discussion; one row, whatever they read it on."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    discussion = models.ForeignKey(Discussion, models.CASCADE)
    until = models.DateTimeField()

    objects = LastReads.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "discussion"], name="one_last_read_per_discussion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.discussion}"
