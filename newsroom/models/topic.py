from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom.models.announced import Announced


class Topic(Announced):
    """What several articles are about, across sections."""

    slug = models.SlugField(_("address"), unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    premoderated = models.BooleanField(
        _("pre-moderated"), default=False, help_text=_("A moderator reads each comment first.")
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])
