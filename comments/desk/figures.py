"""The desk's own page: today's load, how long things wait, who decided what, how far we agree."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from comments.charts import bars
from comments.desk import heat, queues
from comments.desk.door import for_moderators
from comments.desk.pages import answer
from comments.models import Comment, Decision, Likeness, Rejudgement, Report
from comments.models.likeness import FEWEST

LOOKED_AT = 20_000  # comments, the newest: a day's, but of the largest papers
FOREVER = 60 * 24 * 365 * 50
AGES = {"0": 0, "15 min": 15, "1 h": 60, "4 h": 240, "1 d": 1440}  # in minutes


@for_moderators
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    hot = heat.hottest()
    last_hour = heat.last_hour([each.discussion for each in hot])
    matrix, agreement = judged_again()
    context = {
        "title": _("Figures of the desk"),
        "load": load(),
        "ages": bars(ages()),
        "moderators": moderators(),
        "clauses": clauses(),
        "agreement": agreement,
        "matrix": matrix,
        "likeness": Likeness.objects.all().learnt(),
        "fewest": FEWEST,
        "hot": [(each, last_hour[each.discussion.pk]) for each in hot],
    }
    return answer(request, "figures", context)


def load() -> list[dict[str, Any]]:
    """Today's charts, hour by hour."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    newest = Comment.objects.order_by("-pk").values_list("created_at", flat=True)[:LOOKED_AT]
    reports = Report.objects.order_by("-pk").values_list("at", flat=True)[:LOOKED_AT]
    decided = Decision.objects.filter(at__gte=midnight, action__in=Rejudgement.Answer.values)
    charts = []
    for title, moments in (
        (_("Comments today"), newest),
        (_("Reports today"), reports),
        (_("Decisions today"), decided.values_list("at", flat=True)),
    ):
        hours = Counter(timezone.localtime(at).hour for at in moments if at >= midnight)
        until = range(timezone.localtime().hour + 1)
        chart = bars((f"{hour}:00", hours[hour]) for hour in until)
        charts.append({"title": title, "bars": chart, "total": hours.total()})
    return charts


def ages() -> list[tuple[str, int]]:
    """How many wait since when: each label is the least age."""
    now, bands = timezone.now(), {}
    for number, (least, most) in enumerate(pairwise([*AGES.values(), FOREVER])):
        band = Q(created_at__range=(now - timedelta(minutes=most), now - timedelta(minutes=least)))
        bands[f"band_{number}"] = Count("pk", band)
    counted = Comment.objects.waiting().aggregate(**bands)
    return list(zip(AGES, counted.values(), strict=True))


def lately() -> Any:
    """The decisions of people that the tables tell of."""
    return Decision.objects.filter(at__gt=timezone.now() - queues.LATELY, automated=False)


def moderators() -> Any:
    """What each decided, and what of it did not stand: undone at once is no decision."""
    undone = Q(reversed_by__action=Decision.Action.UNDO)
    return (
        lately()
        .filter(by__isnull=False)
        .exclude(undone)
        .values("by__name")
        .annotate(
            approved=Count("pk", Q(action=Decision.Action.APPROVE)),
            removed=Count("pk", Q(action=Decision.Action.REMOVE)),
            measures=Count("pk", Q(action__in=Decision.ABOUT_A_PERSON)),
            reversed=Count("pk", Q(reversed_by__isnull=False)),
        )
        .filter(Q(approved__gt=0) | Q(removed__gt=0) | Q(measures__gt=0))
        .order_by("by__name")
    )


def clauses() -> Any:
    return (
        lately()
        .filter(clause__isnull=False)
        .exclude(reversed_by__action=Decision.Action.UNDO)
        .values("clause__number", "clause__title")
        .annotate(
            removed=Count("pk", Q(action=Decision.Action.REMOVE)),
            measures=Count("pk", Q(action__in=Decision.ABOUT_A_PERSON)),
        )
        .order_by("clause__number")
    )


def judged_again() -> tuple[list[dict[str, Any]], Any]:
    """What was decided beside what a colleague would have decided, and how often that is one."""
    judged = queues.lately_judged()
    counted = {
        (row["decision__action"], row["answer"]): row["n"]
        for row in judged.values("decision__action", "answer").annotate(n=Count("pk")).order_by()
    }
    answers = Rejudgement.Answer.choices
    matrix = [
        {"decided": label, "answers": [counted.get((action, each), 0) for each, _label in answers]}
        for action, label in ((a, Decision.Action(a).label) for a in Rejudgement.Answer.values)
    ]
    return matrix, judged.agreement()
