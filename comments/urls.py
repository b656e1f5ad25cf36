from django.urls import include, path

from comments import (
    asking,
    chats,
    decisions,
    drafts,
    feeds,
    following,
    highlighting,
    mine,
    moving,
    muting,
    notifications,
    people,
    posting,
    reading,
    recommending,
    reporting,
    running,
    search,
    unread,
)

urlpatterns = [
    path("admin/desk/", include("comments.desk.urls")),
    # /discussions/<article>/
    path("discussions/<int:id>/", posting.discussion, name="discussion"),
    path("discussions/<int:id>/draft/", drafts.draft, name="draft"),
    path("discussions/<int:id>/follow/", following.follow_discussion, name="follow-discussion"),
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
    # /people/<handle>/
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/follow/", following.follow_person, name="follow-person"),
    path("people/<str:username>/mute/", muting.mute, name="mute"),
    path("comments/<int:id>/pick/", highlighting.pick, name="pick"),
    path("comments/<int:id>/unpick/", highlighting.pick, {"undo": True}, name="unpick"),
    path("comments/<int:id>/pin/", highlighting.pin, name="pin"),
    path("comments/<int:id>/unpin/", highlighting.pin, {"undo": True}, name="unpin"),
    path("comments/<int:id>/move/", moving.move, name="move"),
    path("feeds/discussions/<int:id>/rss/", feeds.InDiscussion(), name="discussion-rss"),
    path("feeds/replies/<slug:key>/rss/", feeds.ToMe(), name="replies-rss"),
    # Pages of their own
    path("chats/", chats.chats, name="chats"),
    path("search/", search.search, name="search"),
    # /me/
    path("me/", mine.me, name="me"),
    *(path(f"me/{tab}/", mine.me, {"tab": tab}, name=f"my-{tab}") for tab in mine.TABS),
    # /me/notifications/
    path("me/notifications/", notifications.notifications, name="notifications"),
    path("me/notifications/read/", notifications.read_all, name="notifications-read"),
    path("me/notifications/settings/", notifications.settings, name="notification-settings"),
    path("me/notifications/<int:id>/", notifications.open_one, name="notification"),
    path("me/feed/", feeds.my_feed, name="my-feed"),
    path("decisions/<slug:reference>/", decisions.decision, name="decision"),
]
