"""The discussions that are alive now, the latest word first."""

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import HttpRequest
from comments.models import Comment, Discussion
from newsroom.ready_pages import ready

PAGE = 30


@ready
def chats(request: HttpRequest) -> HttpResponse:
    latest = Comment.objects.filter(discussion=OuterRef("pk"), is_public=True).order_by("-id")
    alive = Discussion.objects.alive().annotate(last=Subquery(latest.values("pk")[:1]))[:PAGE]
    found = list(alive)
    said = Comment.objects.select_related("author", "current").in_bulk([d.last for d in found])
    return render(request, "comments/chats.html", {"chats": [(d, said.get(d.last)) for d in found]})
