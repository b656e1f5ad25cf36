"""Words that this site alone reads, in a table, a cookie or a link: sealed by SECRET_KEY."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(Exception):
    """It was sealed by a key that counts no more, for another purpose, or by somebody else."""


def seal(purpose: str, text: str) -> str:
    return seals(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Raises Unreadable."""
    try:
        return seals(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def seals(purpose: str) -> MultiFernet:
    """Of the key of today, and of those before it that still count."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salt = f"accounts.sealing {purpose}"
    derived = [salted_hmac(salt, "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
