from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Usual(NamedTuple):
    """How a check is set until the newsroom sets it otherwise."""

    title: str | Promise
    reason: str
    number: int = 0
    enabled: bool = True
    words: str = ""


# Off at first are those that would hold most of what good people write: each link to a domain that
# nobody has listed yet, and the first words of every newcomer, who would wait and not come back. A
# link in somebody's first two comments is what spam looks like, and waits.
USUAL = {
    "refused phrases": Usual(
        _("phrases that are refused"), "It holds words that are not posted here."
    ),
    "held phrases": Usual(_("phrases that are held"), "held phrase"),
    "refused domains": Usual(
        _("links to these domains are refused"), "Links to this site are not posted here."
    ),
    "new domain": Usual(
        _("links to domains that are not listed are held"), "link to a new domain", enabled=False
    ),
    "first links": Usual(
        _("links in the first so many comments"), "a link in one of a reader's first comments", 2
    ),
    "first comments": Usual(
        _("the first so many comments of a reader"), "one of a reader's first comments", 2, False
    ),
    "recent record": Usual(
        _("readers of whom so many percent were removed in 7 days"),
        "much of this reader was removed lately",
        30,
    ),
    "heat": Usual(
        _("minutes to wait in a thread with reports, and one more for each"),
        "This thread is heated. Take a breath: you may post this in a moment.",
        2,
    ),
    "language": Usual(_("another language than the article’s"), "another language"),
    "reports": Usual(
        _("reports that hide a comment until it is read, weighed by the reporters’ record"),
        "hidden after several reports, until a moderator has read it",
        3,
    ),
    "likeness": Usual(
        _("percent of likeness to what was removed here"), "like what was removed here", 90
    ),
}


class CheckSetting(models.Model):
    """One check of comments as this newsroom sets it."""

    name = models.CharField(
        _("check"),
        max_length=20,
        unique=True,
        editable=False,
        choices=[(name, usual.title) for name, usual in USUAL.items()],
    )
    enabled = models.BooleanField(_("on"), default=True)
    number = models.PositiveSmallIntegerField(_("number"), default=0)
    words = models.TextField(
        _("phrases or domains"), blank=True, help_text=_("One a line, as plain words.")
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("Read by the writer or, of a held text, by you.")
    )

    class Meta:
        verbose_name = _("check of comments")
        verbose_name_plural = _("checks of comments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_name_display()

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]


def settings() -> dict[str, CheckSetting]:
    """Every check's setting, those that are switched on, in one query."""
    return {each.name: each for each in CheckSetting.objects.filter(enabled=True)}
