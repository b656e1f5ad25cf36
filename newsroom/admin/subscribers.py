"""Who gets our mail, what went out, and what the next digest will be. Nothing here is typed."""

from typing import Any

from csp.decorators import csp, csp_update
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.admin import ToBeRead
from accounts.letters import AS_MAIL
from newsroom.digests import HOUR, LISTED, in_words, next_daily
from newsroom.models import Edition, Section, Subscriber, Subscription, Topic
from newsroom.models.subscriber import about, masked, name_of


@admin.register(Subscriber)
class SubscriberAdmin(ToBeRead):
    """Editors see how many there are and what they read; whole addresses are for those few who
    may also change them (`newsroom.change_subscriber`)."""

    list_filter = ["language", ("confirmed_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self.address(request), "gets", "language", "asked_at", "confirmed_at"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """A search tells who is there: not for those who may not see it."""
        return ["email"] if self.may_see_addresses(request) else []

    def address(self, request: HttpRequest) -> str:
        return "email" if self.may_see_addresses(request) else "masked_email"

    def may_see_addresses(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.change_subscriber")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        subscribers = super().get_queryset(request)
        return subscribers.prefetch_related("subscriptions__section", "subscriptions__topic")

    @admin.display(description=_("address"))
    def masked_email(self, subscriber: Subscriber) -> str:
        return masked(subscriber.email)

    @admin.display(description=_("gets"))
    def gets(self, subscriber: Subscriber) -> str:
        return "; ".join(map(str, subscriber.subscriptions.all()))


@admin.register(Edition)
class EditionAdmin(ToBeRead):
    """Whoever left takes their deliveries along: an old edition counts fewer than it had."""

    change_list_template = "admin/newsroom/edition/change_list.html"
    list_display = ["key", "since", "until", "made_at", "deliveries", "sent", "unknown"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        is_sent = Q(deliveries__sent_at__isnull=False)
        is_begun = Q(deliveries__begun_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(
                count=Count("deliveries"),
                count_sent=Count("deliveries", is_sent),
                count_unknown=Count("deliveries", is_begun & ~is_sent),
            )
        )

    @admin.display(description=_("addresses"))
    def deliveries(self, edition: Any) -> int:
        return edition.count

    @admin.display(description=_("sent"))
    def sent(self, edition: Any) -> int:
        return edition.count_sent

    @admin.display(description=_("cut off while sending"))
    def unknown(self, edition: Any) -> int:
        """Being sent at this moment, or a sender was killed: not sent a second time."""
        return edition.count_unknown

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("next/", view(self.next_digest), name="newsroom_edition_next"),
            path("next/mail/", view(self.next_mail), name="newsroom_edition_next_mail"),
            *super().get_urls(),
        ]

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def next_digest(self, request: HttpRequest) -> HttpResponse:
        edition, mail = self.preview(request)
        context = self.admin_site.each_context(request) | {
            "title": _("The next digest"),
            "opts": self.opts,
            "edition": edition,
            "hour": HOUR.seconds // 3600,
            "addresses": edition.readers().count(),
            "rows": counts(edition),
            "mail": mail,
        }
        return TemplateResponse(request, "admin/newsroom/edition/next.html", context)

    @method_decorator(csp(AS_MAIL))
    @method_decorator(xframe_options_sameorigin)
    def next_mail(self, request: HttpRequest) -> HttpResponse:
        _edition, mail = self.preview(request)
        if mail is None:
            raise Http404
        content, _kind = mail.alternatives[0]
        return HttpResponse(content)

    def preview(self, request: HttpRequest) -> tuple[Edition, EmailMultiAlternatives | None]:
        """The digest as somebody would get it now who asked for the whole paper."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = next_daily(timezone.now())
        reader = Subscriber(email="reader@example.com", token="preview")  # noqa: S106
        newest = list(edition.articles().newest_first().cards()[: LISTED + 1])
        return edition, in_words(edition, reader, newest) if newest else None


def counts(edition: Edition) -> list[tuple[str, int, int]]:
    """The paper, each section, each topic that is read: its new articles, and who asked for it."""
    asked = Subscription.objects.filter(pace=edition.pace, subscriber__confirmed_at__isnull=False)
    articles = edition.articles()
    topics = Topic.objects.filter(subscription__in=asked).distinct()
    rows = [(name_of(None), articles.count(), asked.filter(**about(None)).count())]
    for section in Section.objects.all():
        new = articles.filter(section=section).count()
        rows.append((section.name, new, asked.filter(section=section).count()))
    for topic in topics:
        new = articles.filter(topics=topic).count()
        rows.append((topic.name, new, asked.filter(topic=topic).count()))
    return rows
