"""Being asked again before what matters, for who has no password and no second factor here: they
came through somebody else, and a code by mail says that it is still them."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    resume_request,
)
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast

CODE = "confirming_code"
TRIES = 3


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, session: Any, *args: Any) -> None:
        super().__init__(*args)
        self.session = session

    def clean_code(self) -> str:
        """Good once, for ten minutes, and for so many tries, also for several at once."""
        sent, typed = self.session.get(CODE), self.cleaned_data["code"]
        try:
            Allowance.objects.spend("code guess", self.session.session_key)
        except TooFast as too_fast:
            raise forms.ValidationError(too_fast.sentence) from too_fast
        if not sent or time.time() - sent["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
            raise forms.ValidationError(_("No code is good now. Please have a new one sent."))
        right = compare_user_code(actual=typed, expected=sent["code"])
        sent["tries"] += 1
        if right or sent["tries"] >= TRIES:
            del self.session[CODE]
        else:
            self.session[CODE] = sent
        if not right:
            raise forms.ValidationError(_("This is not the code in our newest mail."))
        return typed


def is_without_means(person: Any) -> bool:
    """Whether nothing but their mailbox can say here that it is them."""
    return not get_reauthentication_flows(person)


def is_confirmed(request: Any) -> bool:
    records = get_authentication_records(request, request.user)
    times = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(times) and time.time() - times[-1] < app_settings.REAUTHENTICATION_TIMEOUT


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """One button has a code sent, the other tries it."""
    if not is_without_means(request.user):
        return redirect("account_reauthenticate")
    if "send" in request.POST:
        try:
            Allowance.objects.spend("code asked for", f"person:{request.user.pk}")
        except TooFast as too_fast:
            said = {"title": _("One moment, please"), "sentence": too_fast.sentence}
            return render(request, "refusal.html", said, status=429)
        send(request)
        return redirect(request.get_full_path())
    form = CodeForm(request.session, request.POST if request.method == "POST" else None)
    if form.is_valid():
        record_authentication(request, request.user, "code", reauthenticated=True)
        return resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "is_sent": CODE in request.session}
    status = 400 if form.is_bound else 200
    return render(request, "accounts/confirm.html", context, status=status)


def send(request: HttpRequest) -> None:
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[CODE] = {"code": code, "at": time.time(), "tries": 0}
    adapter.send_mail("account/email/confirm_code", request.user.email, {"code": code})
