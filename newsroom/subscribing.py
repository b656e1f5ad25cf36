"""Mail about the paper, a section or a topic, for anybody with an address: no account needed.

A visitor asks, a mail comes, its link is confirmed by a button. Whoever is asked about, known or
not, gets the same answer here and a mail there, so that nobody learns who reads us.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django import forms
from django.http import HttpRequest as DjangoRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks import task

from accounts.http import HttpRequest
from accounts.letters import letter, link
from accounts.mailing import hand_over, spend
from accounts.models import Allowance, Mail, TooFast
from newsroom.models import Section, Subscriber, Subscription, Topic
from newsroom.models.subscriber import FORGOTTEN_AFTER, masked, name_of
from newsroom.refusals import refuse
from newsroom.visitors import address_of, from_our_own_page, is_visitor

Item = Section | Topic | None  # None is the whole paper
Pace = Subscription.Pace
PAPER = "paper"


def offers(topics: Any = ()) -> dict[str, Item]:
    """What may be asked for, by its name in forms and links. Topics are too many to list all."""
    found: dict[str, Item] = {PAPER: None}
    found |= {f"section:{section.slug}": section for section in Section.objects.all()}
    return found | {f"topic:{topic.slug}": topic for topic in topics}


def offers_with(what: str) -> dict[str, Item]:
    """The same, and the topic that is named, if there is such a one."""
    slug = re.fullmatch(r"topic:([-\w]{1,50})", what)
    return offers(Topic.objects.filter(slug=slug[1]) if slug else [])


# /subscribe/


class WishForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("About what"))
    pace = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Pace.choices,
        widget=forms.RadioSelect,
        initial=Pace.DAILY,
    )

    def __init__(self, *args: Any, what: str, **kwargs: Any) -> None:
        self.offers = offers_with(what)
        super().__init__(*args, initial=kwargs.pop("initial", {}) | {"what": what}, **kwargs)
        choices = [(key, name_of(item)) for key, item in self.offers.items()]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    @property
    def item(self) -> Item:
        return self.offers[self.cleaned_data["what"]]


class AskingForm(WishForm):
    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("This is no email address we can write to.")},
    )
    field_order = ["email", "what", "pace"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@csrf_exempt  # a visitor's page is everybody's and holds no token: the origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        form = AskingForm(what=named(request), initial={"email": own_address(request)})
        return render(request, "newsroom/subscribe.html", {"form": form})
    if not from_our_own_page(request):
        sentence = _("Another site sent this form, so nothing was done. Please fill it in here.")
        return refuse(request, 403, _("Please ask for it here"), sentence)
    form = AskingForm(request.POST, what=request.POST.get("what", ""))
    if not form.is_valid():
        return render(request, "newsroom/subscribe.html", {"form": form}, status=400)
    try:
        Allowance.objects.spend("subscribe", address_of(request))
    except TooFast as too_fast:
        return refuse(request, 429, _("One moment, please"), too_fast.sentence)
    ask_to_confirm(form)
    return redirect("subscribe-sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "newsroom/subscribe_sent.html")


def named(request: DjangoRequest) -> str:
    """What the address of the page names: `?section=world` or `?topic=bridges`."""
    for kind in ("section", "topic"):
        if kind in request.GET:
            return f"{kind}:{request.GET[kind]}"
    return PAPER


def own_address(request: HttpRequest) -> str:
    """A reader's own address, known to be theirs; nothing for a visitor."""
    if is_visitor(request) or not request.user.is_authenticated:
        return ""
    verified = EmailAddress.objects.filter(user=request.user, verified=True)
    return verified.order_by("-primary").values_list("email", flat=True).first() or ""


def ask_to_confirm(form: AskingForm) -> None:
    """Above its allowance an address gets no mail. The answer to the visitor does not say so:
    it would tell that somebody else has asked for this address; the page names the limit."""
    email = form.cleaned_data["email"]
    try:
        spend(Mail.Kind.OTHER, email)
    except TooFast:
        return
    subscriber = Subscriber.objects.asking(email, get_language() or "en")
    send_confirmation.enqueue(subscriber.pk, form.cleaned_data["what"], form.cleaned_data["pace"])


@task()
def send_confirmation(subscriber_id: int, what: str, pace: str) -> None:
    """The wish stands in the link and nowhere else: a stranger's changes nothing here."""
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        return
    wish = urlencode({"what": what, "pace": pace})
    with translation.override(subscriber.language):
        mail = letter(
            "newsroom/email/confirm",
            subscriber.email,
            _("Please confirm that you want our mail"),
            what=name_of(offers_with(what).get(what)),
            pace=Pace(pace).label,
            confirm=f"{link('subscribe-confirm', subscriber.token)}?{wish}",
            days=FORGOTTEN_AFTER.days,
        )
    hand_over(mail)


# /subscribe/<token>/

Page = Callable[[HttpRequest, Subscriber], HttpResponse]


def with_its_token(page: Page) -> Callable[..., HttpResponse]:
    """A page for whoever has the mail. Its address is the secret, so it needs no other: no cookie,
    no token in the form; and it is told to nobody, neither cache nor search engine nor site."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def found(request: HttpRequest, token: str) -> HttpResponse:
        subscriber = Subscriber.objects.filter(token=token).first()
        try:
            if subscriber is None:
                raise Subscriber.DoesNotExist
            response = page(request, subscriber)
        except Subscriber.DoesNotExist:
            response = unknown(request)
        return told_to_nobody(response)

    return found


def told_to_nobody(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    try:
        Allowance.objects.spend("wrong subscription token", address_of(request))
    except TooFast as too_fast:
        return refuse(request, 429, _("One moment, please"), too_fast.sentence)
    sentence = _(
        "It was ended, or never confirmed, and the address has been forgotten. "
        "If you still get our mail, please use the link in the newest one."
    )
    return refuse(request, 404, _("No mail is sent for this link"), sentence)


@with_its_token
def confirm(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    form = WishForm(request.GET, what=request.GET.get("what", ""))
    if not form.is_valid():  # a section or topic that is no more: choose another
        return redirect("subscription", subscriber.token)
    if request.method == "POST":
        subscriber.subscribe(form.item, form.cleaned_data["pace"])
        return saved(subscriber)
    context = {
        "address": masked(subscriber.email),
        "what": name_of(form.item),
        "pace": Pace(form.cleaned_data["pace"]).label,
    }
    return render(request, "newsroom/subscribe_confirm.html", context)


@with_its_token
def subscription(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """What this address gets, to be changed."""
    theirs = Topic.objects.filter(subscription__subscriber=subscriber).distinct()
    offered = offers(theirs)
    if request.method == "POST":
        wanted = {
            (offered[what], pace)
            for pace in Pace.values
            for what in request.POST.getlist(pace)
            if what in offered
        }
        if not wanted:
            return end(request, subscriber)
        subscriber.choose(wanted)
        return saved(subscriber)
    subscriptions = subscriber.subscriptions.select_related("section", "topic")
    gets = {(s.section or s.topic, s.pace) for s in subscriptions}
    rows = [
        (what, name_of(item), [(pace, (item, pace.value) in gets) for pace in Pace])
        for what, item in offered.items()
    ]
    context = {
        "subscriber": subscriber,
        "address": masked(subscriber.email),
        "paces": Pace,
        "rows": rows,
        "saved": "saved" in request.GET,
    }
    return render(request, "newsroom/subscription.html", context)


def saved(subscriber: Subscriber) -> HttpResponse:
    return redirect(reverse("subscription", args=[subscriber.token]) + "?saved")


@with_its_token
def unsubscribe(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """By a button here, or by the mail reader's own (RFC 8058); any POST is a yes."""
    if request.method == "POST":
        return end(request, subscriber)
    context = {
        "address": masked(subscriber.email),
        "manage": reverse("subscription", args=[subscriber.token]),
    }
    return render(request, "newsroom/unsubscribe.html", context)


def end(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    subscriber.leave()
    context = {
        "address": masked(subscriber.email),
        "manage": reverse("subscription", args=[subscriber.token]),
        "days": FORGOTTEN_AFTER.days,
    }
    return render(request, "newsroom/unsubscribed.html", context)
