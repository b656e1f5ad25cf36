from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "The paper"

    def ready(self) -> None:
        from datetime import timedelta

        from newsroom import clock, digests
        from newsroom.models import Subscriber

        day = timedelta(days=1)
        clock.at_every_tick(digests.break_news)
        clock.at_its_time(clock.Job("daily digest", digests.each_morning, day, digests.HOUR))
        forget = Subscriber.objects.all().forget_unconfirmed
        clock.at_its_time(clock.Job("unconfirmed subscribers", forget, day))
