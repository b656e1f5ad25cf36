from django.db import models
from django.db.models import Subquery
from django.db.models.functions import Coalesce


class Places(models.Manager["Place"]):
    def here(self) -> Coalesce:
        """Up to which event, as an expression."""
        return Coalesce(Subquery(self.values("event")[:1]), 0)

    def locked(self) -> "Place":
        self.get_or_create(pk=1)
        return self.select_for_update().get(pk=1)


class Place(models.Model):
    """Up to which event of the outbox people have been told of what happened: one row."""

    event = models.BigIntegerField(default=0)

    objects = Places()

    def __str__(self) -> str:
        return f"{self.event}"
