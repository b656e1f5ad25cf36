from django.urls import path

from comments import (
    chats,
    decisions,
    drafts,
    mine,
    posting,
    reading,
    recommending,
    reporting,
    search,
)

urlpatterns = [
    # /discussions/<article>/
    path("discussions/<int:id>/", posting.discussion, name="discussion"),
    path("discussions/<int:id>/draft/", drafts.draft, name="draft"),
    # /comments/<comment>/
    path("comments/<int:id>/", reading.comment, name="comment"),
    path("comments/<int:id>/replies/", reading.replies, name="replies"),
    path("comments/<int:id>/history/", reading.history, name="history"),
    path("comments/<int:id>/reply/", posting.reply, name="reply"),
    path("comments/<int:id>/edit/", posting.edit, name="edit"),
    path("comments/<int:id>/withdraw/", posting.withdraw, name="withdraw"),
    path("comments/<int:id>/recommend/", recommending.recommend, name="recommend"),
    path(
        "comments/<int:id>/unrecommend/",
        recommending.recommend,
        {"take_back": True},
        name="unrecommend",
    ),
    path("comments/<int:id>/report/", reporting.report, name="report"),
    path("chats/", chats.chats, name="chats"),
    path("search/", search.search, name="search"),
    path("me/", mine.me, name="me"),
    path("decisions/<slug:reference>/", decisions.decision, name="decision"),
]
