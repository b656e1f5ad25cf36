from django.urls import include, path

from accounts import rules

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    # /rules/
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:version>/", rules.rulebook, name="rulebook"),
]
