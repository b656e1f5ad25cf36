from allauth.account.views import signup_by_passkey
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import signup_webauthn
from csp.decorators import csp_update
from django.urls import include, path

from accounts import confirming, exporting, leaving, profile, rules, security, sessions

urlpatterns = [
    # /accounts/
    # allauth offers passkeys to new people only where addresses are verified by a typed code.
    # Ours are by a link, which in the same browser goes on here; in another one, they log in by
    # a code and add the passkey then.
    path("accounts/signup/passkey/", signup_by_passkey, name="account_signup_by_passkey"),
    path("accounts/2fa/webauthn/signup/", signup_webauthn, name="mfa_signup_webauthn"),
    path(
        "accounts/2fa/totp/activate/",
        csp_update({"img-src": "data:"})(activate_totp),  # the code to be scanned
        name="mfa_activate_totp",
    ),
    path(
        "accounts/2fa/recovery-codes/",
        security.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path("accounts/sessions/", sessions.sessions, name="usersessions_list"),
    path("accounts/reauthenticate/code/", confirming.confirm, name="confirm-by-code"),
    path("accounts/", include("allauth.urls")),
    # /me/
    path("me/profile/", profile.profile, name="profile"),
    path("me/profile/name/", profile.name, name="name"),
    path("me/profile/avatar/", profile.avatar, name="avatar"),
    path("me/privacy/", leaving.privacy, name="privacy"),
    path("me/privacy/export/", exporting.ask, name="export"),
    path("me/privacy/export/progress/", exporting.progress, name="export-progress"),
    path("me/privacy/export/file/", exporting.download, name="export-download"),
    path("me/privacy/leave/", leaving.leave, name="leave"),
    path("me/privacy/stay/<slug:token>/", leaving.stay, name="stay"),
    # /rules/
    path("rules/", rules.rules, name="rules"),
    path("rules/accept/", rules.accept, name="accept-rules"),
    path("rules/<int:version>/", rules.rulebook, name="rulebook"),
]
