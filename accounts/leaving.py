"""/me/privacy/: taking everything along, and leaving. Whoever leaves has 30 days to come back."""

from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tasks import task

from accounts.http import HttpRequest
from accounts.letters import words
from accounts.mailing import post
from accounts.models import Departure, Export, Mail, User
from accounts.participants import participants


class LeavingForm(forms.Form):
    words = forms.ChoiceField(
        label=gettext_lazy("Your comments"),
        widget=forms.RadioSelect,
        choices={
            "stay": gettext_lazy("stay readable, as from a deleted account"),
            "go": gettext_lazy("go as well; answers to them stay"),
        },
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        widget=forms.RadioSelect,
        initial="later",
        choices={
            "later": gettext_lazy("in 30 days; until then a link in our mail calls it off"),
            "now": gettext_lazy("at once; nothing can bring it back"),
        },
    )


@login_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return show(request, LeavingForm())


def show(request: HttpRequest, form: LeavingForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "export": Export.objects.filter(person=request.user).defer("archive").first(),
        "departure": Departure.objects.filter(person=request.user).first(),
        "held": [sentence for app in participants() for sentence in app.held(request.user)],
    }
    return render(request, "accounts/privacy.html", context, status=status)


@login_required
@require_POST
@reauthentication_required
def leave(request: HttpRequest) -> HttpResponse:
    form = LeavingForm(request.POST)
    if not form.is_valid():
        return show(request, form, 400)
    person = request.user
    at_once = form.cleaned_data["when"] == "now"
    with transaction.atomic():
        Departure.objects.filter(person=person).delete()
        departure = Departure(person=person, words_stay=form.cleaned_data["words"] == "stay")
        if at_once:
            departure.due_at = timezone.now()
        departure.save()
        if at_once:
            erase.enqueue(person.pk)
        else:
            tell(
                primary(person),
                _("Your account will be deleted"),
                _("On %(day)s we delete your account, as you asked.")
                % {"day": date_format(departure.due_at)},
                _("Have you changed your mind? Until then this page calls it off:"),
                link=f"{settings.SITE_URL}{reverse('stay', args=[departure.token])}",
            )
    for session in UserSession.objects.filter(user=person):
        session.end()
    logout(request)
    return render(request, "accounts/left.html", {"departure": departure, "at_once": at_once})


@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    """The mail's link: whoever has it may call the departure off, logged in or not."""
    departure = get_object_or_404(Departure.objects.select_related("person"), token=token)
    if request.method != "POST":
        return render(request, "accounts/stay.html", {"departure": departure})
    departure.delete()
    messages.success(request, _("Your account stays as it was. Welcome back."))
    return redirect("privacy")


def remind(request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    """Who logs in meanwhile reads that the clock runs, and where to stop it."""
    departure = Departure.objects.filter(person=user).first()
    if request and departure:
        sentence = _("Your account will be deleted on %(day)s. You can still call it off below.")
        said = sentence % {"day": date_format(departure.due_at)}
        messages.warning(request, said, fail_silently=True)


def erase_due() -> None:
    """The clock's daily look at whose 30 days are over."""
    due = Departure.objects.filter(due_at__lte=timezone.now())
    for person in due.values_list("person", flat=True):
        erase.enqueue(person)


@task()
def erase(id: int) -> None:
    """Take a person out of every app, the upper ones first; broken off, it goes on from there."""
    departures = Departure.objects.filter(person=id, due_at__lte=timezone.now())
    departure = departures.select_related("person").first()
    if departure is None:
        return  # called off
    address = primary(departure.person)
    with ledger().open("a") as lines:  # first: what is broken off is then known all the same
        lines.write(f"{timezone.now().isoformat()} {id} {departure.words_stay}\n")
    take_out(departure.person, departure.words_stay)
    tell(address, _("Your account is deleted"), _("It is done, as you asked. Good-bye."))


def take_out(person: User, words_stay: bool) -> None:
    for app in participants():
        app.erase(person, words_stay)


def ledger() -> Path:
    """Who was erased, by numbers alone. No backup of the database knows who was erased after it."""
    return settings.DATA / "erasures"


def erase_again(ledger: Path, since: datetime) -> int:
    """Erase whom the ledger says was erased since then, and who is back; how many there were."""
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    entries = [line.split() for line in lines]
    later = {int(id): words for at, id, words in entries if datetime.fromisoformat(at) > since}
    people = User.objects.filter(pk__in=later)
    for person in people:
        take_out(person, later[person.pk] == "True")
    return len(people)


def primary(person: User) -> str:
    theirs = EmailAddress.objects.filter(user=person, primary=True, verified=True)
    return theirs.values_list("email", flat=True).first() or ""


def tell(address: str, subject: str, *sentences: str, link: str = "") -> None:
    if address:
        said = "\n\n".join(filter(None, [*sentences, link]))
        post(words(address, subject, said), Mail.Kind.SECURITY)
