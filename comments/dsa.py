"""A statement of reasons in the words of the EU's DSA Transparency Database, for machines.

The keys and values are the European Commission's; what is personal stays out of them.
"""

import re
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Clause
from comments.models import Decision, StatementOfReasons

Action, Source = Decision.Action, Decision.Source

# What each decision restricts. A warning restricts nothing, and says so.
RESTRICTS: dict[str, dict[str, Any]] = {
    Action.REMOVE: {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"]},
    Action.HOLD: {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"]},
    Action.SUSPEND: {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"},
    Action.BAN: {"decision_provision": "DECISION_PROVISION_PARTIAL_TERMINATION"},
    Action.PREMODERATE: {
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "A moderator reads each comment before it is shown.",
    },
    Action.WARN: {
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "A warning: nothing was restricted.",
    },
}
SOURCES = {
    Source.VOLUNTARY: "SOURCE_VOLUNTARY",
    Source.NOTIFICATION: "SOURCE_TYPE_OTHER_NOTIFICATION",
    Source.NOTICE: "SOURCE_ARTICLE_16",
    Source.TRUSTED: "SOURCE_TRUSTED_FLAGGER",
}
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|\+?\d[\d /-]{6,}\d")


def as_data(statement: StatementOfReasons) -> dict[str, Any]:
    """The statement's fields; those that do not apply are left out."""
    decision = statement.decision
    comment = decision.comment
    said: dict[str, Any] = {
        "puid": statement.reference,
        **RESTRICTS[decision.action],
        **ground(decision),
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": f"STATEMENT_CATEGORY_{category(decision)}",
        "account_type": "ACCOUNT_TYPE_PRIVATE",
        "content_date": day(comment.created_at if comment else decision.at),
        "application_date": day(decision.at),
        "decision_facts": facts(decision)[:5000],
        "source_type": SOURCES[Source(decision.source)],
        "automated_detection": f"AUTOMATED_DETECTION_{'YES' if decision.detected else 'NO'}",
        "automated_decision": f"AUTOMATED_DECISION_{automation(decision)}",
    }
    if comment:
        said["content_language"] = comment.article.language[:2].upper()
    ended = decision.ended_by
    ends_at = ended.at if ended else statement.ends_at
    if ends_at:
        kind = "service" if "decision_provision" in said else "visibility"
        said[f"end_date_{kind}_restriction"] = day(ends_at)
    return said


def ground(decision: Decision) -> dict[str, Any]:
    """Against the law, where a law is named; else against the house rules."""
    explained = facts(decision)[:2000]
    if decision.legal_ground:
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": decision.legal_ground[:500],
            "illegal_content_explanation": explained,
        }
    return {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "decision_ground_reference_url": f"{settings.SITE_URL}/rules/",
        "incompatible_content_ground": (decision.clause_text or _("The house rules."))[:500],
        "incompatible_content_explanation": explained,
        "incompatible_content_illegal": "INCOMPATIBLE_CONTENT_ILLEGAL_NO",
    }


def category(decision: Decision) -> str:
    if decision.clause:
        return decision.clause.category
    if decision.legal_ground:
        return Clause.Category.ILLEGAL_OR_HARMFUL_SPEECH.value
    return Clause.Category.OTHER_VIOLATION_TC.value


def facts(decision: Decision) -> str:
    """The reason as it was given, without the names and addresses of people in it."""
    said = ADDRESS.sub("[…]", decision.facts)
    for name in (decision.person.name, decision.person.username) if decision.person else ():
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[…]", said, flags=re.IGNORECASE)
    return said.strip() or _("No further facts were given.")


def automation(decision: Decision) -> str:
    if decision.automated:
        return "FULLY"
    return "PARTIALLY" if decision.detected else "NOT_AUTOMATED"


def day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
