"""Every setting of the site. The environment is read here, once, and refused when wrong."""

import hashlib
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()


# The shape of this installation

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
DATA = Path(env.str("DATA", str(BASE_DIR / "var"))).resolve()
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
METRICS_PORT = env.int("METRICS_PORT", 0)


EVERY_ADDRESS = {  # with the machine's own, and one of a documentation's far away
    "0.0.0.0": (socket.AF_INET, "127.0.0.1", "192.0.2.1"),  # noqa: S104
    "::": (socket.AF_INET6, "::1", "2001:db8::1"),
}


def is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def demo_url() -> str:
    """Where a demo is reached. One that listens on every address is reached at the one that this
    machine has among its neighbours, if it has any: asking for it sends nothing."""
    host = HOST
    if host in EVERY_ADDRESS:
        family, host, somewhere = EVERY_ADDRESS[host]
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((somewhere, 9))
            host = probe.getsockname()[0]
    return f"http://{f'[{host}]' if ':' in host else host}:{PORT}"


def demo_secret_key() -> str:
    """The demo's own key, made once and kept beside its database."""
    path = DATA / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = demo_secret_key() if DEMO else env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SITE_NAME = env.str("SITE_NAME", "The Newsroom")
SITE_URL = env.str("SITE_URL", demo_url() if DEMO else None)
if urlsplit(SITE_URL or "").scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured("Set SITE_URL to the address readers use, such as https://news.org")
SITE_URL = SITE_URL.rstrip("/")
SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname])
if DEMO:
    # A demo shown to the neighbours (HOST=0.0.0.0) does not know what they call it.
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"] if is_loopback(HOST) else ["*"]
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

INSTALLED_APPS = [
    "comments",
    "newsroom",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "newsroom.apps.DoorConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "newsroom.logs.of_a_request",
    "accounts.evenly.evenly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsroom.middleware.response_headers",
    "django.middleware.http.ConditionalGetMiddleware",
    "newsroom.middleware.cache_headers",
    "newsroom.middleware.known_methods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.middleware.nobody_yet",
    "newsroom.speaking.account_language",
    "newsroom.middleware.readable_addresses",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "comments.rules_first.RulesFirst",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
CSRF_FAILURE_VIEW = "newsroom.refusals.csrf_failure"

# Changes whenever a template does: what is cached of an older release is not asked for again.
RELEASE = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted((BASE_DIR / "templates").rglob("*.html")))
).hexdigest()[:8]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context.paper",
            ],
        },
    }
]


# Where things are kept

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA}/newsroom.sqlite3")}
DATABASE = DATABASES["default"]
POSTGRESQL = DATABASE["ENGINE"].endswith("postgresql")
# A thread keeps its connection: to open one takes longer than all else that a kept page takes.
DATABASE["CONN_MAX_AGE"] = None
if POSTGRESQL:
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE.setdefault("OPTIONS", {}).setdefault(
        "options", "-c statement_timeout=15s -c lock_timeout=10s"
    )
else:
    # IMMEDIATE: a transaction takes the write lock when it begins, so none fails half-way.
    DATABASE.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    )
    DATABASE["TEST"] = {"NAME": DATA / "test.sqlite3"}
DATABASE["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "newsroom.caches.Redis",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
elif POSTGRESQL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = env.str("MEDIA_URL", "/media/")
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 4


# How an event looks now, by the first word of its topic. Apps above this one are named here.
LIVE_RENDERERS = {
    "newsfeed": "newsroom.newsfeed.look",
    "chats": "comments.live.chats",
    "discussion": "comments.live.discussion",
    "person": "comments.notifications.look",
    "desk": "comments.live.desk",
}
# What each app knows of a person: to be exported, erased, and shown anew when they change. The
# upper apps first, since they erase what points at the lower ones' rows.
PERSONAL_DATA = ["comments.personal", "newsroom.personal", "accounts.personal"]
PUBLIC_LOG = env.bool("PUBLIC_LOG", False)
# An office or a carrier shares one address.
STREAMS_A_PERSON = env.int("STREAMS_A_PERSON", 4)
STREAMS_AN_ADDRESS = env.int("STREAMS_AN_ADDRESS", 20)

# Work that no reader waits for: rows of the same database, done by `serve` or by `work`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


# Languages and time

# A language is listed here on the day its catalogue is complete, so that no page mixes two. It is
# named as its own readers name it.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("ru", "Русский"),
    ("es", "Español"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["newsroom.formats"]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")


# Mail

EMAIL = env.dj_email_url("EMAIL_URL", "file:///" if DEMO else "smtp://localhost:25")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", f"{SITE_NAME} <no-reply@{urlsplit(SITE_URL).hostname}>"
)


# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "MinimumLengthValidator": {"min_length": 12},
        "UserAttributeSimilarityValidator": {"user_attributes": ("username", "name", "email")},
        "CommonPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.joining.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.joining.JoiningForm"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # written like any mail, and sent to nobody (joining.py)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "accounts.names.shown"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    "request_login_code": "accounts.security.AskForCodeForm",
    "confirm_login_code": "accounts.security.LoginCodeForm",
}
# allauth's own counts all who ask for an address together: strangers would lock its owner out.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

MFA_ADAPTER = "accounts.security.MFAAdapter"
MFA_FORMS = {"add_webauthn": "accounts.security.AddPasskeyForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody logs in without a verified one, and may add another
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong

# Ways in through others. Each is open when its keys are in the environment, and nowhere else seen.
SOCIALACCOUNT_ADAPTER = "accounts.social.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
SOCIAL_ORIGINS: list[str] = []  # where their forms lead, for the Content Security Policy


def way_in(provider: str, client_id: str, secret: str, *origins: str, **more: Any) -> None:
    if client_id or secret:
        app = {"client_id": client_id, "secret": secret} | more
        if not all(app.values()):
            raise ImproperlyConfigured(f"Set all that {provider} needs (docs/operating.md) or none")
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{provider}")
        SOCIALACCOUNT_PROVIDERS[provider] = {"APPS": [app]}
        SOCIAL_ORIGINS.extend(origins)


way_in(
    "google",
    env.str("GOOGLE_CLIENT_ID", ""),
    env.str("GOOGLE_SECRET", ""),
    "https://accounts.google.com",
)
APPLE_PRIVATE_KEY = env.str("APPLE_PRIVATE_KEY", "").replace("\\n", "\n")
way_in(
    "apple",
    env.str("APPLE_CLIENT_ID", ""),
    env.str("APPLE_KEY_ID", ""),
    "https://appleid.apple.com",
    key=env.str("APPLE_TEAM_ID", ""),
    settings={"certificate_key": APPLE_PRIVATE_KEY} if APPLE_PRIVATE_KEY else {},
)
way_in(
    "facebook",
    env.str("FACEBOOK_CLIENT_ID", ""),
    env.str("FACEBOOK_SECRET", ""),
    "https://www.facebook.com",
    "https://m.facebook.com",
)
way_in(
    "github",
    env.str("GITHUB_CLIENT_ID", ""),
    env.str("GITHUB_SECRET", ""),
    "https://github.com",
)
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
OIDC_HOST = urlsplit(OIDC_SERVER_URL).netloc if OIDC_SERVER_URL.startswith("https://") else ""
way_in(
    "openid_connect",
    env.str("OIDC_CLIENT_ID", ""),
    env.str("OIDC_SECRET", ""),
    f"https://{OIDC_HOST}",
    provider_id="oidc",
    name=env.str("OIDC_NAME", OIDC_HOST),
    settings={"server_url": OIDC_SERVER_URL} if OIDC_HOST else {},
)


# Security

SESSION_COOKIE_NAME = "__Host-sid" if SECURE else "sid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = ["^healthz"]  # asked from beside the site, not through its proxy
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", f"mailto:security@{urlsplit(SITE_URL).hostname}")
if urlsplit(SECURITY_CONTACT).scheme not in ("mailto", "https", "tel"):
    raise ImproperlyConfigured("SECURITY_CONTACT is mailto:…, https:… or tel:…")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{
            directive: ["'self'"]
            for directive in (
                "script-src",
                "style-src",
                "img-src",
                "font-src",
                "connect-src",
                "manifest-src",
                "form-action",
            )
        },
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "upgrade-insecure-requests": SECURE,
        "report-uri": "/csp-report/",
    }
}

# A demo's reader is a person in front of a terminal; any other's is a machine.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "newsroom.logs.OfARequest"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{levelname}{name}{message}",
            "style": "{",
            "timestamp": True,
            "rename_fields": {"levelname": "level", "name": "logger", "message": "event"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line" if DEMO else "json",
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "newsroom": {"level": "INFO"},
        "security": {"level": "WARNING" if DEMO else "INFO"},
    },
}
