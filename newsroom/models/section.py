from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom.models.announced import Announced

# The first words of the site's own addresses (DESIGN: a section may not hide one of them).
TAKEN = frozenset(
    "accounts admin accessibility chats comments contact corrections csp-report decisions demo "
    "discussions feeds healthz i18n live manifest.webmanifest me media newsfeed notices offline "
    "people robots.txt rules search sitemap.xml static subscribe sw.js topics transparency "
    ".well-known".split()
)


def not_an_address_of_the_site(slug: str) -> None:
    if slug in TAKEN or slug.isdigit():
        raise ValidationError(
            _("“%(slug)s” is an address of the site itself."), params={"slug": slug}
        )


class Section(Announced):
    class Moderation(models.TextChoices):
        OPEN = "open", _("comments appear at once")
        PREMODERATED = "premoderated", _("a moderator reads each comment first")
        CLOSED = "closed", _("no discussions")

    slug = models.SlugField(_("address"), unique=True, validators=[not_an_address_of_the_site])
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("description"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    moderation = models.CharField(
        _("moderation"), max_length=20, choices=Moderation.choices, default=Moderation.OPEN
    )
    discussion_days = models.PositiveSmallIntegerField(
        _("days of discussion"),
        null=True,
        blank=True,
        default=14,
        help_text=_(
            "How long after publication readers may comment; 1 is 24 hours. Empty: always. For "
            "never, choose “no discussions” above."
        ),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.slug])
