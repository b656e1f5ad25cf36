"""`/transparency/`: what the newsroom did with comments, month by month, from the log itself."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments.charts import bars
from comments.models import Appeal, Comment, Decision, Notice, Report

MONTHS = 12
SANCTIONS = ("suspend", "ban", "premoderate", "warn")
COLUMNS = [
    "month",
    "comments",
    "reports",
    "notices",
    "approved",
    "removed",
    "automated_percent",
    "median_minutes",
    "appeals",
    "appeals_reversed",
    *SANCTIONS,
]


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """The figures as charts and tables; `?format=csv` and `json` for machines."""
    counted: Any = cache.get_or_set("transparency", figures, timeout=3600)
    match request.GET.get("format"):
        case "json":
            return JsonResponse(counted)
        case "csv":
            response = HttpResponse(content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = 'attachment; filename="transparency.csv"'
            table = csv.DictWriter(response, COLUMNS, extrasaction="ignore")
            table.writeheader()
            table.writerows(counted["months"])
            return response
    charts = [
        {"title": title, "bars": bars((each["month"], each[key]) for each in counted["months"])}
        for key, title in (
            ("comments", _("Comments")),
            ("reports", _("Reports")),
            ("removed", _("Removed")),
            ("appeals", _("Appeals")),
        )
    ]
    labels = {
        "month": _("Month"),
        "comments": _("Comments"),
        "reports": _("Reports"),
        "notices": _("Legal notices"),
        "approved": _("Approved"),
        "removed": _("Removed"),
        "automated_percent": _("By a machine, %"),
        "median_minutes": _("Median minutes to a decision"),
        "appeals": _("Appeals"),
        "appeals_reversed": _("Reversed"),
        "suspend": _("Suspended"),
        "ban": _("Banned"),
        "premoderate": _("Pre-moderated"),
        "warn": _("Warned"),
    }
    context = {
        "charts": charts,
        "labels": [labels[name] for name in COLUMNS],
        "rows": [[each[name] for name in COLUMNS] for each in counted["months"]],
        "clauses": counted["removals_by_clause"],
        "has_log": settings.PUBLIC_LOG,
    }
    return render(request, "comments/transparency.html", context)


def figures() -> dict[str, Any]:
    first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _month in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    decided = Decision.objects.filter(at__gte=first)
    comments = by_month(Comment.objects.filter(created_at__gte=first), "created_at")
    reports = by_month(Report.objects.filter(at__gte=first), "at")
    notices = by_month(Notice.objects.filter(at__gte=first), "at")
    appeals = by_month(Appeal.objects.filter(at__gte=first), "at")
    reversed_ = by_month(Appeal.objects.filter(at__gte=first, outcome="reversed"), "at")
    actions: dict[str, Counter[str]] = {}
    automated: Counter[str] = Counter()
    for row in (
        decided.annotate(month=TruncMonth("at"))
        .values("month", "action")
        .annotate(all=Count("pk"), machine=Count("pk", Q(automated=True)))
    ):
        month = f"{row['month']:%Y-%m}"
        actions.setdefault(month, Counter())[row["action"]] += row["all"]
        automated[month] += row["machine"]
    months = sorted({*comments, *reports, *notices, *appeals, *actions})
    return {
        "months": [
            {
                "month": month,
                "comments": comments[month],
                "reports": reports[month],
                "notices": notices[month],
                "approved": actions.get(month, Counter())["approve"],
                "removed": actions.get(month, Counter())["remove"],
                "automated_percent": percent(
                    automated[month], actions.get(month, Counter()).total()
                ),
                "median_minutes": minutes(decided, month),
                "appeals": appeals[month],
                "appeals_reversed": reversed_[month],
                **{kind: actions.get(month, Counter())[kind] for kind in SANCTIONS},
            }
            for month in months
        ],
        "removals_by_clause": list(
            decided.filter(action=Decision.Action.REMOVE, clause__isnull=False)
            .values("clause__number", "clause__title")
            .annotate(removed=Count("pk"))
            .order_by("clause__number")
        ),
    }


def by_month(rows: Any, moment: str) -> Counter[str]:
    counted = rows.annotate(month=TruncMonth(moment)).values("month").annotate(n=Count("pk"))
    return Counter({f"{row['month']:%Y-%m}": row["n"] for row in counted.order_by()})


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def minutes(decided: Any, month: str) -> int | None:
    """From a comment to the decision on it, the median of the month's last 5,000."""
    year, number = map(int, month.split("-"))
    times: list[tuple[datetime, datetime]] = list(
        decided.filter(
            action__in=[Decision.Action.APPROVE, Decision.Action.REMOVE],
            at__year=year,
            at__month=number,
        )
        .order_by("-pk")
        .values_list("at", "comment__created_at")[:5000]
    )
    waited = [(at - created).total_seconds() / 60 for at, created in times if created]
    return round(median(waited)) if waited else None
