from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_used
        from django.contrib.auth.signals import user_logged_in
        from django.db import connections
        from django.db.models.signals import post_migrate

        from accounts import leaving, record, security, watching
        from accounts.models import Sighting

        def seal(using: str, **_more: Any) -> None:
            record.seal(connections[using])
            if "mfa_authenticator" in connections[using].introspection.table_names():
                security.seal_anew()

        authenticator_added.connect(security.remember_proof)
        authenticator_used.connect(security.remember_proof)
        user_logged_in.connect(leaving.remind)
        watching.connect()
        record.keep(Sighting, ["person_id", "by_id"])
        post_migrate.connect(seal, sender=self, weak=False)
