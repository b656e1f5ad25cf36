"""How an account is kept: codes, passkeys, the second factor, and recovery codes as hashes."""

import logging
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import familiar, sealing
from accounts.mailing import key_of
from accounts.models import Allowance, TooFast

PROOF = "second_factor"
HASH = "hash:"
SEALED = "sealed:"
FACTORS = "second factors"

logger = logging.getLogger(__name__)


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("My passkey") if number == 1 else _("Passkey %(n)d") % {"n": number}

    def encrypt(self, text: str) -> str:
        return SEALED + sealing.seal(FACTORS, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Of a secret whose key is gone, another that nobody knows: its codes are wrong then, and
        recovery codes go on."""
        if encrypted_text.startswith(HASH):
            return HashedCode(encrypted_text.removeprefix(HASH))
        if not encrypted_text.startswith(SEALED):
            return encrypted_text  # from before, until `seal_anew`
        try:
            return sealing.unseal(FACTORS, encrypted_text.removeprefix(SEALED))
        except sealing.Unreadable:
            logger.error("second_factor_sealed_by_an_unknown_key")
            return generate_totp_secret()


class LoginCodeForm(ConfirmLoginCodeForm):
    """allauth counts wrong codes in the session, where parallel tries do not see each other."""

    def clean_code(self) -> str:
        try:
            Allowance.objects.spend("code guess", context.request.session.session_key)
        except TooFast as too_fast:
            raise forms.ValidationError(too_fast.sentence) from too_fast
        return super().clean_code()


class AskForCodeForm(RequestLoginCodeForm):
    """Whoever asks too often is told, the same for every address; and only they, so that no
    stranger keeps its owner from asking."""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        request = context.request
        who = familiar.device(request, email) or get_adapter(request).get_client_ip(request)
        try:
            Allowance.objects.spend("code asked for", key_of(email, who))
        except TooFast as too_fast:
            raise forms.ValidationError(too_fast.sentence) from too_fast
        return super().clean_email()


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey logs in by itself, unless one wants a key that comes second to the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Log in with it alone, without a password")
        self.fields["passwordless"].help_text = ""


# Recovery codes


class HashedCode(str):
    """What is left of a recovery code. It equals the code that it was made of.

    allauth looks a typed code up among those it keeps by comparing them, and has no other hook.
    """

    def __eq__(self, typed: object) -> bool:
        if not isinstance(typed, str) or len(typed.strip()) != settings.MFA_RECOVERY_CODE_DIGITS:
            return False  # most often a code of the app: not worth the time of ten hashes
        return check_password(typed.strip(), str(self))

    __hash__ = str.__hash__


class RecoveryCodes(ViewRecoveryCodesView):
    """Shown once; then what they are made of is forgotten."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = super().get_context_data(**kwargs)
        if shown["can_view_codes"]:
            mine = Authenticator.objects.filter(
                user=self.request.user, type=Authenticator.Type.RECOVERY_CODES
            )
            hashes = [HASH + make_password(code) for code in shown["unused_codes"]]
            mine.update(data={"migrated_codes": hashes, "viewed_at": time.time()})
        return shown


# What a copy of the database does not tell


def seal_anew() -> None:
    """Bring every secret under the key of today. After every migration, and so after every update:
    then a key that was replaced can go."""
    factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    with transaction.atomic():
        for factor in factors.select_for_update():
            for name in {"secret", "seed"} & factor.data.keys():
                factor.data[name] = sealed_anew(factor.data[name])
            factor.save(update_fields=["data"])


def sealed_anew(kept: str) -> str:
    if kept.startswith(SEALED):
        try:
            kept = sealing.unseal(FACTORS, kept.removeprefix(SEALED))
        except sealing.Unreadable:
            logger.error("second_factor_sealed_by_an_unknown_key")
            return kept
    return SEALED + sealing.seal(FACTORS, kept)


# The proof of a second factor


def remember_proof(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """This session has proved a second factor: by setting it up or by using it."""
    request.session[PROOF] = {"id": authenticator.pk, "at": time.time()}


def proof_of(request: HttpRequest) -> float:
    """When this session last proved a factor that the person still has; 0 for never."""
    proof = request.session.get(PROOF)
    if not proof:
        return 0
    if not hasattr(request, "proof_stands"):
        still_theirs = Authenticator.objects.filter(pk=proof["id"], user=request.user)
        request.proof_stands = still_theirs.exists()  # type: ignore[attr-defined]
    return proof["at"] if request.proof_stands else 0  # type: ignore[attr-defined]
