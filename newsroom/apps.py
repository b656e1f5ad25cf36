from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("The paper")

    def ready(self) -> None:
        from datetime import timedelta

        from django.contrib.sessions.models import Session
        from django.db.models.signals import post_delete

        from accounts import leaving
        from accounts.models import Export, Mail, NameHistory
        from newsroom import backups, clock, digests, metrics, streamers
        from newsroom.hub import hub
        from newsroom.live import LiveEvent
        from newsroom.models import Subscriber

        post_delete.connect(streamers.session_ended, sender=Session)

        metrics.watch("streams_open", "Readers with a live stream here.", lambda: len(hub.all))
        metrics.watch("newest_event", "Number of the newest event.", LiveEvent.objects.newest)
        metrics.watch("tasks_ready", "Tasks that nobody has begun.", clock.tasks_ready)
        metrics.watch("clock_seconds", "Since the clock was last looked at.", clock.seconds_since)

        backups.silenced_by(Mail.objects.all().delete)
        backups.silenced_by(digests.silence)

        day = timedelta(days=1)
        clock.at_every_tick(digests.break_news)
        clock.at_its_time(clock.Job("daily digest", digests.each_morning, day, digests.HOUR))
        clock.at_its_time(clock.Job("departures", leaving.erase_due, timedelta(hours=1)))
        clock.at_its_time(clock.Job("exports", Export.objects.all().forget, day))
        forget_names = NameHistory.objects.all().forget
        clock.at_its_time(clock.Job("former names", forget_names, day))
        clock.at_its_time(clock.Job("mail that did not leave", Mail.objects.forget_old, day))
        forget = Subscriber.objects.all().forget_unconfirmed
        clock.at_its_time(clock.Job("unconfirmed subscribers", forget, day))


class DoorConfig(admin.AdminConfig):
    """Django's admin, entered by our door."""

    default = False
    default_site = "newsroom.door.Door"
