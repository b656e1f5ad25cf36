"""Joining through Google, Apple, Facebook, GitHub or an OpenID Connect server."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Of all that they tell us we keep the account's number alone; the name is suggested."""
        sociallogin.account.extra_data = {}
        user = super().populate_user(request, sociallogin, data)
        names = [data.get("first_name"), data.get("last_name")]
        user.name = data.get("name") or " ".join(filter(None, names))
        user.username = ""  # the handle is made from the name that they choose here
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return super().get_signup_form_initial_data(sociallogin) | {"name": sociallogin.user.name}
