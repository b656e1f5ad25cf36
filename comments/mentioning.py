"""Whom one can mention in a discussion: those who spoke in it lately, to choose from."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from accounts.models import User
from comments.models import Comment
from newsroom.models import Article

LATELY = 500  # comments
MOST = 8


@login_required
@require_safe
def people(request: HttpRequest, id: int) -> HttpResponse:
    """Those whose handle or name begins so, or a word of the name; never the one who asks."""
    article = get_object_or_404(Article.objects.published(), pk=id)
    asked = request.GET.get("q", "")[:30]
    said = Comment.objects.public().filter(discussion=article.pk).order_by("-id")
    found = (
        User.objects.filter(pk__in=list(said.values_list("author", flat=True)[:LATELY]))
        .filter(
            Q(username__istartswith=asked)
            | Q(name__istartswith=asked)
            | Q(name__icontains=f" {asked}")
        )
        .exclude(pk=request.user.pk)
        .filter(is_active=True)
        .order_by("name")
    )
    return JsonResponse({"people": list(found.values("username", "name")[:MOST])})
