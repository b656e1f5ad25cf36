from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_used

        from accounts import security

        authenticator_added.connect(security.remember_proof)
        authenticator_used.connect(security.remember_proof)
