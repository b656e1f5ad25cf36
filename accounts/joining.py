"""How somebody joins: a name, the house rules, an address that is theirs.

allauth asks and verifies; here is what is the paper's own.
"""

import ipaddress
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import confirming, familiar, names
from accounts.letters import letter_in_words
from accounts.mailing import post
from accounts.models import Mail, Rulebook, RulesAcceptance, User

# What anybody can have sent to an address; all other mail follows what its owner did.
MAILS = {
    "login_code": Mail.Kind.CODE,
    "confirm_code": Mail.Kind.CODE,
    "password_reset_code": Mail.Kind.CODE,
    "account_already_exists": Mail.Kind.OTHER,
    "email_confirmation": Mail.Kind.OTHER,
    "email_confirmation_signup": Mail.Kind.OTHER,
    "password_reset_key": Mail.Kind.OTHER,
    "unknown_account": Mail.Kind.OTHER,
}


def rules_label() -> str:
    return format_html(
        _('I have read the <a href="{}" target="_blank">house rules</a> and keep to them.'),
        reverse("rules"),
    )


def at_home(url: str) -> str:
    """The same page under SITE_URL, whatever host a request named. A demo has several names: who
    is at “localhost”, where passkeys work, stays there."""
    if settings.DEMO:
        return url
    return str(settings.SITE_URL) + urlunsplit(("", "", *urlsplit(url)[2:]))


class JoiningForm(forms.Form):
    """What we ask beside allauth's fields, at every way in."""

    name = forms.CharField(
        label=gettext_lazy("Public name"),
        help_text=gettext_lazy("What other readers see beside your comments."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    rules = forms.BooleanField(
        label=lazy(rules_label, str)(),
        error_messages={"required": gettext_lazy("Please read the rules and accept them.")},
    )
    field_order = ["email", "name", "password1", "rules"]

    def clean_name(self) -> str:
        return User.objects.clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """allauth has a password compared with the address; here it is, with the name."""
        cleaned = super().clean() or {}
        password, person = cleaned.get("password1"), User(name=cleaned.get("name", ""))
        if password and person.name:
            try:
                UserAttributeSimilarityValidator(["name"]).validate(password, person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        rulebook = Rulebook.objects.in_force()
        if rulebook:
            RulesAcceptance.objects.get_or_create(person=user, rulebook=rulebook)


class AccountAdapter(DefaultAccountAdapter):
    def get_login_stages(self) -> list[str]:
        return [*super().get_login_stages(), "allauth.mfa.webauthn.stages.PasskeySignupStage"]

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Back to where they came from, past the rules where there are new ones. Mail will be in
        the language in which they came."""
        response = super().post_login(request, user, **more)
        if not user.language and len(settings.LANGUAGES) > 1:
            user.language = translation.get_language()
            user.save(update_fields=["language"])
        if Rulebook.objects.awaiting(user):
            response = redirect(
                f"{reverse('accept-rules')}?{urlencode({'next': response['Location']})}"
            )
        familiar.remember(request, response, user.pk)
        return response

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """allauth never asks whom it knows no way to ask; here it is asked for (confirming.py)."""
        if not super().is_reauthentication_required(app=app, **more):
            return False
        person = self.request.user
        if confirming.is_without_means(person) and not confirming.is_confirmed(self.request):
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        by_code = {
            "id": "code",
            "description": _("Send me a code by mail"),
            "url": reverse("confirm-by-code"),
        }
        return super().get_reauthentication_methods(user) or [by_code]

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data["name"]
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit)
        except IntegrityError as error:
            raise ImmediateHttpResponse(self.too_late(request, user)) from error

    def too_late(self, request: HttpRequest, user: User) -> HttpResponse:
        """The form was sent twice at once, or somebody else was faster by a moment."""
        if User.objects.filter(email__iexact=user.email).exists():
            return redirect("account_email_verification_sent")
        sentence = _("Somebody took this name a moment ago. Please go back and choose another.")
        context = {"title": _("Somebody was faster"), "sentence": sentence}
        return render(request, "refusal.html", context, status=409)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The handle is made from the public name: never from the address, which is private."""
        user.username = user.username or User.objects.free_username(user.name)

    # What nobody can find out, by the answer or by its time, and how often they may try

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the queue, and to nobody where it would tell a stranger that they are unknown."""
        kind = MAILS.get(template_prefix.rpartition("/")[2], Mail.Kind.SECURITY)
        links = {key: at_home(fact) for key, fact in context.items() if key.endswith("_url")}
        with translation.override(User.objects.language_at(email)):
            letter = letter_in_words(template_prefix, email, context | links)
        if template_prefix == "account/email/unknown_account":
            letter.to = []
        device = familiar.device(self.request, email)
        post(letter, kind, device if kind == Mail.Kind.CODE else "")

    def send_account_already_exists_mail(self, email: str) -> None:
        """A new account's password would have been hashed by now."""
        make_password(self.request.POST.get("password1"))
        super().send_account_already_exists_mail(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address written as IPv6 is itself, not one of a /64 that all of them share."""
        ip = ipaddress.ip_address(super().get_client_ip(request))
        return str(getattr(ip, "ipv4_mapped", None) or ip)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One budget for an address, however it is written; its owner's browsers have their own."""
        address = credentials.get("email") or credentials.get("username", "")
        return names.mailbox(address) + familiar.device(request, address)

    def is_safe_url(self, url: str) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # “http://[” is no address at all
            return False

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The mail's link. It remembers where its reader came from, for another browser too."""
        url = super().get_email_confirmation_url(request, emailconfirmation)
        came_from = get_next_redirect_url(request)
        return f"{url}?{urlencode({'back': came_from})}" if came_from else url

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """Back to where they came from, through the log-in where this browser is nobody's."""
        back = self.request.GET.get("back", "")
        if not self.is_safe_url(back):
            back = settings.LOGIN_REDIRECT_URL
        if self.request.user.is_authenticated:
            return back
        return f"{reverse('account_login')}?{urlencode({'next': back})}"
