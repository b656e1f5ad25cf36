from django.urls import path

from comments import (
    asking,
    chats,
    decisions,
    drafts,
    highlighting,
    mine,
    moving,
    muting,
    posting,
    reading,
    recommending,
    reporting,
    running,
    search,
    unread,
)

urlpatterns = [
    # /discussions/<article>/
    path("discussions/<int:id>/", posting.discussion, name="discussion"),
    path("discussions/<int:id>/draft/", drafts.draft, name="draft"),
    path("discussions/<int:id>/mine/", unread.mine, name="mine"),
    path("discussions/<int:id>/next/", unread.next_new, name="next-new"),
    path("discussions/<int:id>/run/", running.run, name="run"),
    path("discussions/<int:id>/questions/", asking.questions, name="questions"),
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
    path("people/<str:username>/mute/", muting.mute, name="mute"),
    path("comments/<int:id>/pick/", highlighting.pick, name="pick"),
    path("comments/<int:id>/unpick/", highlighting.pick, {"undo": True}, name="unpick"),
    path("comments/<int:id>/pin/", highlighting.pin, name="pin"),
    path("comments/<int:id>/unpin/", highlighting.pin, {"undo": True}, name="unpin"),
    path("comments/<int:id>/move/", moving.move, name="move"),
    path("chats/", chats.chats, name="chats"),
    path("search/", search.search, name="search"),
    path("me/", mine.me, name="me"),
    path("decisions/<slug:reference>/", decisions.decision, name="decision"),
]
