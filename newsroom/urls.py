"""Every address of the site. What each room answers stands in the app's own index."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from newsroom import (
    articles,
    corrections,
    csp_report,
    demo_mail,
    feeds,
    front,
    media,
    newsfeed,
    refusals,
)

urlpatterns = [
    path("", include("comments.urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("newsfeed/", newsfeed.newsfeed, name="newsfeed"),
    path("topics/<str:slug>/", newsfeed.topic, name="topic"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("feeds/atom/", feeds.Newest(), name="atom"),
    path("csp-report/", csp_report.csp_report, name="csp-report"),
    path("media/<path:path>", media.media, name="media"),
    path("", front.front, name="front"),
    re_path(
        r"^(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/(?P<slug>[-\w]+)/$",
        articles.article,
        name="article",
    ),
    path("<slug:slug>/", newsfeed.section, name="section"),
]

if settings.DEMO:
    urlpatterns.insert(0, path("demo/mail/", demo_mail.demo_mail, name="demo-mail"))

handler400 = refusals.bad_request
handler403 = refusals.permission_denied
handler404 = refusals.not_found
