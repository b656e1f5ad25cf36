from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("The discussion")

    def ready(self) -> None:
        from datetime import timedelta

        from allauth.account.signals import user_signed_up
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import m2m_changed

        from accounts import record
        from accounts.models import User
        from comments import badges, drafts, personal, telling, telling_by_mail
        from comments.models import (
            Comment,
            Decision,
            Discussion,
            Likeness,
            Notification,
            Rejudgement,
        )
        from newsroom import backups, clock, metrics

        user_signed_up.connect(drafts.claim)
        user_logged_in.connect(drafts.claim)
        m2m_changed.connect(badges.changed, sender=User.groups.through)
        record.keep(Decision, ["person_id", "by_id"])
        record.keep(Rejudgement, ["by_id"])
        waiting = Comment.objects.waiting
        metrics.watch("comments_waiting", "Held for a moderator.", lambda: waiting().count())
        backups.silenced_by(telling_by_mail.silence)
        minute = timedelta(minutes=1)
        clock.at_its_time(clock.Job("discussions", Discussion.objects.all().turn, minute))
        clock.at_every_tick(Discussion.objects.all().count_the_rest)
        clock.at_every_tick(telling.look)
        clock.at_every_tick(telling_by_mail.look)
        clock.at_its_time(clock.Job("scrubbing", personal.sweep, timedelta(days=1)))
        learn = Likeness.objects.all().learn
        clock.at_its_time(clock.Job("likeness", learn, timedelta(days=1), timedelta(hours=3)))
        forget = Notification.objects.all().forget_old
        clock.at_its_time(clock.Job("old notifications", forget, timedelta(days=1)))
