from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.article import Article, Articles
from newsroom.models.subscriber import Subscriber, Subscription


class Editions(models.QuerySet["Edition"]):
    def begin(self, key: str, since: datetime, until: datetime) -> list[int]:
        """Make the edition with its deliveries, unless somebody has: the deliveries' ids.

        Runs inside the caller's transaction, so that an edition never stands there half made.
        """
        with transaction.atomic():
            edition, is_new = self.get_or_create(key=key, defaults={"since": since, "until": until})
            if not is_new:
                return []
            readers = edition.readers().order_by("pk").values_list("pk", flat=True)
            Delivery.objects.bulk_create(
                (Delivery(edition=edition, subscriber_id=pk) for pk in readers), batch_size=1000
            )
        return list(edition.deliveries.order_by("pk").values_list("pk", flat=True))


class Edition(models.Model):
    """One sending: the digest of a day, or one breaking article.

    What stands in it is never stored: it is asked again for every mail, so that an article which
    was withdrawn meanwhile is in none.
    """

    key = models.CharField(max_length=60, unique=True)  # "daily 2026-11-24"
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = Editions.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return self.key

    @property
    def pace(self) -> str:
        return self.key.partition(" ")[0]

    def articles(self) -> Articles:
        published = Article.objects.published()
        if self.pace == Subscription.Pace.BREAKING:
            return published.filter(pk=int(self.key.partition(" ")[2]))
        return published.filter(published_at__gt=self.since, published_at__lte=self.until)

    def readers(self) -> models.QuerySet[Subscriber]:
        """Who gets this edition if it is made now: whoever asked for something that is in it."""
        return Subscriber.objects.all().wanting(self.articles(), self.pace)


class Delivery(models.Model):
    """That this address gets this edition: written before it is sent, so that it goes once."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE)
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "subscriber"], name="one_delivery_per_address_and_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.pk}"

    def claim(self) -> bool:
        """Begin to send it. Of all senders that try, one is told yes."""
        unclaimed = Delivery.objects.filter(pk=self.pk, begun_at=None)
        return bool(unclaimed.update(begun_at=timezone.now()))

    def put_back(self) -> None:
        Delivery.objects.filter(pk=self.pk, sent_at=None).update(begun_at=None)

    def sent(self) -> None:
        Delivery.objects.filter(pk=self.pk).update(sent_at=timezone.now())
