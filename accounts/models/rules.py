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

    class Category(models.TextChoices):
        """What kind of harm it is about, in the words of the EU’s transparency database."""

        ANIMAL_WELFARE = "ANIMAL_WELFARE", _("Animal welfare")
        CONSUMER_INFORMATION = "CONSUMER_INFORMATION", _("Consumer information infringements")
        CYBER_VIOLENCE = "CYBER_VIOLENCE", _("Cyber violence")
        CYBER_VIOLENCE_AGAINST_WOMEN = (
            "CYBER_VIOLENCE_AGAINST_WOMEN",
            _("Cyber violence against women"),
        )
        DATA_PROTECTION_AND_PRIVACY_VIOLATIONS = (
            "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
            _("Data protection and privacy violations"),
        )
        ILLEGAL_OR_HARMFUL_SPEECH = "ILLEGAL_OR_HARMFUL_SPEECH", _("Illegal or harmful speech")
        INTELLECTUAL_PROPERTY_INFRINGEMENTS = (
            "INTELLECTUAL_PROPERTY_INFRINGEMENTS",
            _("Intellectual property infringements"),
        )
        NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS = (
            "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
            _("Negative effects on civic discourse or elections"),
        )
        NOT_SPECIFIED_NOTICE = (
            "NOT_SPECIFIED_NOTICE",
            _("Type of alleged illegal content not specified by the notifier"),
        )
        OTHER_VIOLATION_TC = (
            "OTHER_VIOLATION_TC",
            _("Other violation of provider’s terms and conditions"),
        )
        PROTECTION_OF_MINORS = "PROTECTION_OF_MINORS", _("Protection of minors")
        RISK_FOR_PUBLIC_SECURITY = "RISK_FOR_PUBLIC_SECURITY", _("Risk for public security")
        SCAMS_AND_FRAUD = "SCAMS_AND_FRAUD", _("Scams and/or fraud")
        SELF_HARM = "SELF_HARM", _("Self-harm")
        UNSAFE_AND_PROHIBITED_PRODUCTS = (
            "UNSAFE_AND_PROHIBITED_PRODUCTS",
            _("Unsafe, non-compliant or prohibited products"),
        )
        VIOLENCE = "VIOLENCE", _("Violence")

    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="clauses")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    category = models.CharField(
        _("category"),
        max_length=60,
        choices=Category.choices,
        default=Category.OTHER_VIOLATION_TC,
        help_text=_("For the reports that the EU’s Digital Services Act asks for."),
    )

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
