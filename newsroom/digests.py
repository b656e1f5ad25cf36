"""Mail for those who asked for it: each morning what is new, and at once what is breaking."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.letters import letter, link, one_click
from accounts.mailing import hand_over, was_surely_not_sent
from newsroom.models import Article, Delivery, Edition, Subscriber, Subscription

HOUR = timedelta(hours=6)  # of the newsroom's day: before breakfast
LATE = timedelta(hours=6)  # a site that sleeps past noon sends its digest the next morning
BREAKING_FOR = timedelta(hours=6)  # what went out longer ago is news no more
BATCH = 5  # mails of one task: a slow mail server holds up the clock and other mail for no minute
LISTED = 60  # articles in one mail: some mail readers cut off what is longer than 100 KB


class NotAllSent(Exception):
    """Some mails of a batch were refused: the clock gives the task back, for these alone."""


# Making editions


def each_morning() -> None:
    """The clock begins a job late rather than never, but a digest is for the morning."""
    local = timezone.localtime() - HOUR
    if timedelta(hours=local.hour, minutes=local.minute) < LATE:
        make_daily.enqueue()


@task()
def make_daily() -> None:
    """What was published since the edition before, or in a day.

    By the article's own date: one that an import brings with an earlier date is in no digest.
    """
    begin_and_send(next_daily(timezone.now()))


def next_daily(now: datetime) -> Edition:
    """The edition that would be made now; it is not saved."""
    before = Edition.objects.filter(key__startswith="daily ").order_by("-until").first()
    since = before.until if before else now - timedelta(days=1)
    day = timezone.localtime(now) - HOUR
    return Edition(key=f"daily {day:%Y-%m-%d}", since=since, until=now)


def break_news() -> None:
    """An edition for each breaking article that is out and has none yet.

    Asked at every tick of the clock rather than told by who publishes, so that no way to publish
    can forget it, and the topics are there that a form saves after the article.
    """
    editions = breaking_now()
    if editions:
        made = Edition.objects.filter(key__in=editions).values_list("key", flat=True)
        for key in editions.keys() - set(made):
            begin_and_send(Edition(key=key, since=editions[key], until=editions[key]))


def breaking_now() -> dict[str, datetime]:
    """The keys of the editions that breaking news of now has, and when each article came out."""
    since = timezone.now() - BREAKING_FOR
    fresh = Article.objects.published().filter(breaking=True, published_at__gt=since)
    found = fresh.order_by("pk").values_list("pk", "published_at")
    return {f"breaking {pk}": at for pk, at in found}


def begin_and_send(edition: Edition) -> None:
    """The edition, its deliveries and the tasks that send them: all of it once, or nothing."""
    with transaction.atomic():
        ids = Edition.objects.begin(edition.key, edition.since, edition.until)
        for start in range(0, len(ids), BATCH):
            send.enqueue(ids[start : start + BATCH])


def silence() -> None:
    """Count as sent what may have been: every edition that would be made now, and what waits."""
    now = timezone.now()
    for key in [next_daily(now).key, *breaking_now()]:
        Edition.objects.get_or_create(key=key, defaults={"since": now, "until": now})
    Delivery.objects.filter(begun_at=None).update(begun_at=now)


# Sending them


@task()
def send(ids: list[int]) -> None:
    """Send those of these deliveries that nobody has begun. Any number of senders may try.

    Each is claimed first, sent, and marked as sent. A sender that is killed leaves what it had
    not begun to the next one. What it was just sending stays claimed: the mail server may have
    accepted that mail or not, nobody can know, and rather none than two reach that address.
    """
    refused = []
    connection = get_connection()
    try:
        waiting = Delivery.objects.filter(pk__in=ids, begun_at=None).order_by("pk")
        for delivery in waiting.select_related("edition", "subscriber"):
            mail = mail_for(delivery)
            if mail is None:
                waiting.filter(pk=delivery.pk).delete()
                continue
            connection.open()  # fails, if it must, before anything is claimed
            if not delivery.claim():
                continue
            try:
                hand_over(mail, connection)
            except Exception as error:
                connection.close()
                if was_surely_not_sent(error):
                    delivery.put_back()
                refused.append(error)
            else:
                delivery.sent()
    finally:
        connection.close()
    if refused:
        raise NotAllSent(f"{len(refused)} of {len(ids)}") from refused[0]


# Writing them


def mail_for(delivery: Delivery) -> EmailMultiAlternatives | None:
    """Nothing if by now nothing is in it: articles were withdrawn, or the reader has left."""
    mail = digest(delivery.edition, delivery.subscriber)
    if mail:
        host = urlsplit(str(settings.SITE_URL)).hostname
        name = delivery.edition.key.replace(" ", "-")
        # The same each time it is made: whoever gets it twice after all can tell.
        mail.extra_headers["Message-ID"] = f"<{name}.{delivery.pk}@{host}>"
        mail.extra_headers["List-ID"] = f"<{delivery.edition.pace}.{host}>"
    return mail


def digest(edition: Edition, subscriber: Subscriber) -> EmailMultiAlternatives | None:
    wanted = subscriber.asked_for(edition.articles(), edition.pace)
    newest = list(wanted.newest_first().cards()[: LISTED + 1])
    if not newest:
        return None
    return in_words(edition, subscriber, newest)


def in_words(
    edition: Edition, subscriber: Subscriber, newest: list[Article]
) -> EmailMultiAlternatives:
    articles = sorted(newest[:LISTED], key=lambda a: (a.section.order, a.section.name))
    with translation.override(subscriber.language):
        mail = letter(
            "newsroom/email/digest",
            subscriber.email,
            subject(edition, newest[0]),
            articles=articles,
            more=len(newest) > LISTED,
            is_breaking=edition.pace == Subscription.Pace.BREAKING,
            manage=link("subscription", subscriber.token),
            unsubscribe=link("unsubscribe", subscriber.token),
        )
    mail.extra_headers |= one_click(link("unsubscribe", subscriber.token))
    return mail


def subject(edition: Edition, article: Article) -> str:
    if edition.pace == Subscription.Pace.BREAKING:
        return _("Breaking: %(headline)s") % {"headline": article.headline}
    return _("%(paper)s, %(day)s: %(headline)s") % {
        "paper": settings.SITE_NAME,
        "day": date_format(timezone.localtime(edition.until), "MONTH_DAY_FORMAT"),
        "headline": article.headline,
    }
