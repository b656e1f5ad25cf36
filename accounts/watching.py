"""Security events in the log, by the names that OWASP's logging vocabulary gives them.

Who and from where stands in every line by itself (newsroom/logs.py). No line holds a password, a
code, an address of mail or what somebody wrote.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.db.models.signals import m2m_changed, post_save

from accounts.models import Sighting, User

logger = logging.getLogger("security")


def connect() -> None:
    for signal, event in {
        auth.user_logged_in: "authn_login_success",
        auth.user_logged_out: "session_expired",
        account.user_signed_up: "user_created",
        account.password_set: "authn_password_change",
        account.password_changed: "authn_password_change",
        account.password_reset: "authn_password_change",
        account.email_changed: "user_updated",
        mfa.authenticator_added: "authn_factor_added",
        mfa.authenticator_removed: "authn_factor_removed",
        mfa.authenticator_reset: "authn_recovery_codes_made",
    }.items():
        signal.connect(of_a_person(event), weak=False)
    auth.user_login_failed.connect(login_failed)
    m2m_changed.connect(groups_changed, sender=User.groups.through)
    post_save.connect(sighted, sender=Sighting)


def of_a_person(event: str) -> Any:
    def note(user: Any = None, **_more: Any) -> None:
        logger.info(event, extra={"whom": getattr(user, "pk", None)})

    return note


def login_failed(**_more: Any) -> None:
    logger.warning("authn_login_fail")


def groups_changed(instance: Any, action: str, reverse: bool, pk_set: Any, **_more: Any) -> None:
    if action in ("post_add", "post_remove", "post_clear"):
        whom = sorted(pk_set or ()) if reverse else [instance.pk]
        logger.info("privilege_permissions_changed", extra={"whom": whom, "how": action[5:]})


def sighted(instance: Sighting, created: bool, **_more: Any) -> None:
    if created:
        logger.info("sensitive_read", extra={"whom": instance.person_id, "what": "email"})
