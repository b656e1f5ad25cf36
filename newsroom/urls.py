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
    health,
    media,
    mistakes,
    newsfeed,
    refusals,
    sitemaps,
    speaking,
    subscribing,
    well_known,
)

urlpatterns = [
    path("", include("comments.urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("newsfeed/", newsfeed.newsfeed, name="newsfeed"),
    path("topics/<str:slug>/", newsfeed.topic, name="topic"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/tell/<int:id>/", mistakes.tell, name="tell-mistake"),
    # /subscribe/
    path("subscribe/", subscribing.subscribe, name="subscribe"),
    path("subscribe/sent/", subscribing.sent, name="subscribe-sent"),
    path("subscribe/<slug:token>/", subscribing.subscription, name="subscription"),
    path("subscribe/<slug:token>/confirm/", subscribing.confirm, name="subscribe-confirm"),
    path("subscribe/<slug:token>/unsubscribe/", subscribing.unsubscribe, name="unsubscribe"),
    # /feeds/
    path("feeds/atom/", feeds.Newest("atom"), name="atom"),
    path("feeds/rss/", feeds.Newest("rss"), name="rss"),
    path("feeds/<slug:slug>/atom/", feeds.OfSection("atom"), name="section-atom"),
    path("feeds/<slug:slug>/rss/", feeds.OfSection("rss"), name="section-rss"),
    path("feeds/topics/<str:slug>/atom/", feeds.OfTopic("atom"), name="topic-atom"),
    path("feeds/topics/<str:slug>/rss/", feeds.OfTopic("rss"), name="topic-rss"),
    path("feeds/authors/<str:username>/atom/", feeds.OfAuthor("atom"), name="author-atom"),
    path("feeds/authors/<str:username>/rss/", feeds.OfAuthor("rss"), name="author-rss"),
    # What machines ask for
    path("healthz", health.alive, name="alive"),
    path("healthz/ready", health.ready, name="ready"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security-txt"),
    path(".well-known/change-password", well_known.change_password),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="sitemap-lists"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap-news"),
    re_path(
        r"^sitemap-(?P<year>[1-8]\d{3})-(?P<month>0[1-9]|1[0-2])\.xml$",
        sitemaps.month,
        name="sitemap-month",
    ),
    # Everything else
    path("i18n/", speaking.speak, name="language"),
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
    urlpatterns[:0] = [
        path("demo/mail/", demo_mail.demo_mail, name="demo-mail"),
        path("demo/mail/<slug:name>/<int:number>/", demo_mail.as_html, name="demo-mail-html"),
    ]

handler400 = refusals.bad_request
handler403 = refusals.permission_denied
handler404 = refusals.not_found
handler500 = refusals.failed
