"""/people/<handle>/: what everybody may know of somebody, what they said and wrote."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from accounts.models import NameHistory, User
from comments.models import Comment
from comments.models.comment import BADGES
from newsroom.keyset import cursor, read_cursor
from newsroom.models import Article
from newsroom.newsfeed import page

PAGE = 20


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        return to_the_new_name(username)
    wrote = Article.objects.filter(author=found)
    tabs = {
        "comments": True,
        "recommended": found.shows_recommends,
        "articles": wrote.published().exists(),
    }
    tab = request.GET.get("tab", "comments")
    if not tabs.get(tab):
        raise Http404
    context = {
        "person": found,
        "tab": tab,
        "tabs": tabs,
        "badge": found.groups.filter(name__in=BADGES).values_list("name", flat=True).first(),
    }
    context |= page(request, wrote) if tab == "articles" else said(request, found, tab)
    return render(request, "comments/person.html", context)


def to_the_new_name(username: str) -> HttpResponse:
    """The old address of somebody leads on, for as long as the name is kept for them."""
    former = NameHistory.objects.kept().filter(username=username, person__is_active=True)
    last = former.select_related("person").order_by("-until").first()
    if last is None:
        raise Http404
    return redirect(last.person)


def said(request: HttpRequest, person: User, tab: str) -> dict[str, Any]:
    """One page of what they said or recommended, the newest first, and the cursor of the next."""
    last = read_cursor(request.GET.get("after", ""), tab, int)
    if tab == "comments":
        comments, key = Comment.objects.listed_for(person), "pk"
    else:
        comments, key = Comment.objects.recommended_by(person), "recommendation"
    if last:
        comments = comments.filter(**{f"{key}__lt": last[0]})
    found = list(comments.whole().order_by(f"-{key}")[: PAGE + 1])
    older = None
    if len(found) > PAGE:
        older = cursor(tab, getattr(found[PAGE - 1], key))
    return {"comments": found[:PAGE], "older": older, "after": last}
