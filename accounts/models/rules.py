from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User


class Rulebooks(models.QuerySet["Rulebook"]):
    def in_force(self) -> "Rulebook | None":
        return self.filter(published_at__lte=timezone.now()).order_by("-version").first()

    def awaiting(self, person: "User") -> "Rulebook | None":
        """The version in force, where this person has not accepted it yet."""
        rulebook = self.in_force()
        if rulebook and not rulebook.rulesacceptance_set.filter(person=person).exists():
            return rulebook
        return None

    def news_for(self, person: "User") -> "Rulebooks":
        """What is in force now and was not when they last accepted; the newest first."""
        last = RulesAcceptance.objects.filter(person=person).aggregate(
            version=Max("rulebook__version")
        )
        in_force = self.filter(published_at__lte=timezone.now())
        return in_force.filter(version__gt=last["version"] or 0).order_by("-version")


class Rulebook(models.Model):
    """One version of the house rules. Published versions stay readable for ever."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    introduction = models.TextField(_("introduction"), blank=True)
    changes = models.TextField(_("what changed"), blank=True)
    published_at = models.DateTimeField(_("in force from"), null=True, blank=True)

    objects = Rulebooks.as_manager()

    class Meta:
        verbose_name = _("rulebook")
        verbose_name_plural = _("rulebooks")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("rulebook", args=[self.version])


class Clause(models.Model):
    """A numbered rule of one version."""

    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="clauses")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "number"], name="one_clause_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def as_it_reads(self) -> str:
        return f"{self.number}. {self.title} {self.text}"


class RulesAcceptance(models.Model):
    """This person accepted that version then."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    rulebook = models.ForeignKey(Rulebook, models.PROTECT)
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of the rules")
        verbose_name_plural = _("acceptances of the rules")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "rulebook"], name="one_acceptance_per_version"
            )
        ]
