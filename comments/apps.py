from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = "The discussion"

    def ready(self) -> None:
        from allauth.account.signals import user_signed_up
        from django.contrib.auth.signals import user_logged_in

        from comments import drafts

        user_signed_up.connect(drafts.claim)
        user_logged_in.connect(drafts.claim)
