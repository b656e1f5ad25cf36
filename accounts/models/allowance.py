"""How often somebody may do something: one row per deed and person, exact across processes."""

import logging
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import ngettext

logger = logging.getLogger("security")


class TooFast(Exception):
    """The allowance is used up; `wait` seconds from now there is room for one more."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait

    @property
    def sentence(self) -> str:
        if self.wait < 60:
            return ngettext(
                "That was quick. Please wait %(wait)d second and send it again.",
                "That was quick. Please wait %(wait)d seconds and send it again.",
                self.wait,
            ) % {"wait": self.wait}
        minutes = -(-self.wait // 60)
        return ngettext(
            "You have reached the limit for now. Please try again in %(wait)d minute.",
            "You have reached the limit for now. Please try again in %(wait)d minutes.",
            minutes,
        ) % {"wait": minutes}


@dataclass(frozen=True)
class Limit:
    """`burst` at once, refilled evenly so that no more than `burst` new ones fit into `per`."""

    burst: int
    per: timedelta


# One place for every deed, so that all its doors share one budget.
LIMITS = {
    "comment": Limit(6, timedelta(minutes=2)),
    "edit": Limit(20, timedelta(minutes=10)),
    "recommend": Limit(60, timedelta(minutes=5)),
    "follow": Limit(60, timedelta(hours=1)),
    "draft": Limit(60, timedelta(minutes=2)),
    "preview": Limit(60, timedelta(minutes=2)),
    "mute": Limit(60, timedelta(hours=1)),
    "export": Limit(3, timedelta(days=1)),
    "avatar": Limit(10, timedelta(hours=1)),
    "notice": Limit(10, timedelta(hours=1)),
    "report": Limit(20, timedelta(hours=1)),
    "mistake": Limit(5, timedelta(hours=1)),
    "visitor's draft": Limit(20, timedelta(minutes=10)),
    "code asked for": Limit(5, timedelta(hours=2)),  # by one person or browser, for one address
    "code guess": Limit(10, timedelta(minutes=10)),
    "subscribe": Limit(10, timedelta(hours=1)),
    # To one mailbox. With both, no hour has more than 3 and no day, wherever it begins, 10.
    "mail": Limit(3, timedelta(hours=3)),
    "mails a day": Limit(5, timedelta(days=1)),
    # And these have budgets of their own, so that nothing above can use them up.
    "log-in code": Limit(5, timedelta(hours=2)),
    "log-in codes a day": Limit(10, timedelta(days=1)),
    "security mail": Limit(20, timedelta(hours=1)),
    "statement mail": Limit(6, timedelta(hours=1)),
    "wrong subscription token": Limit(10, timedelta(minutes=10)),
}


class Allowances(models.Manager["Allowance"]):
    def spend(self, deed: str, who: str) -> None:
        """Take one from `who`'s allowance for `deed`, or raise TooFast.

        A generic cell rate: the row keeps the time at which the whole allowance is there again,
        so one row, one lock and no counting make a sliding limit.
        """
        limit = LIMITS[deed]
        step = limit.per / limit.burst
        with transaction.atomic():
            now = timezone.now()
            self.get_or_create(deed=deed, who=who, defaults={"full_at": now})
            row = self.select_for_update().get(deed=deed, who=who)
            full_at: datetime = max(row.full_at, now) + step
            over = full_at - now - limit.per
            if over > timedelta():
                logger.warning("excess_rate_limit_exceeded", extra={"deed": deed})
                raise TooFast(math.ceil(over.total_seconds()))
            self.filter(pk=row.pk).update(full_at=full_at)


class Allowance(models.Model):
    deed = models.CharField(max_length=30)
    who = models.CharField(max_length=64)
    full_at = models.DateTimeField()

    objects = Allowances()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deed", "who"], name="one_allowance_per_deed")
        ]
