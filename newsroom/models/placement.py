from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.announced import Announced
from newsroom.models.article import Article

LEADS = 1 + 4  # places on the front page: the lead and its seconds


class Placements(models.QuerySet["Placement"]):
    def standing(self) -> "Placements":
        """Those that hold now, of articles that readers may see, in the editors' order."""
        now = timezone.now()
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=now), article__in=Article.objects.published()
        ).order_by("order", "-id")


class Placement(Announced):
    """An editor's word about the front page: the first is the lead, the next its seconds."""

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="placement", verbose_name=_("article")
    )
    order = models.PositiveSmallIntegerField(
        _("place"), default=1, help_text=_("1 is the lead; 2 to 5 stand below it.")
    )
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until it is taken away.")
    )

    objects = Placements.as_manager()

    class Meta:
        verbose_name = _("place on the front page")
        verbose_name_plural = _("front page")
        ordering = ["order", "-id"]

    def clean(self) -> None:
        if self.order is not None and not 1 <= self.order <= LEADS:
            sentence = _("There are the places 1 to %(last)s. Choose one of them.")
            raise ValidationError({"order": sentence % {"last": LEADS}})

    def __str__(self) -> str:
        return f"{self.order}. {self.article}"
