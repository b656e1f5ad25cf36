"""The site's addresses, with those of an OpenID Connect provider before them."""

from django.urls import include, path

from newsroom.urls import urlpatterns as of_the_site

urlpatterns = [
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    *of_the_site,
]
handler400 = "newsroom.refusals.bad_request"
handler403 = "newsroom.refusals.permission_denied"
handler404 = "newsroom.refusals.not_found"
