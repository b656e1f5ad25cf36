"""Bringing a thread that began in the wrong place to the article that it is about."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from comments.models import Comment, Decision
from comments.models.discussion import runs_discussions
from newsroom.door import behind_the_door
from newsroom.models import Article

NEWEST = 20  # articles to choose from; others are named by their address


class MoveForm(forms.Form):
    newest = forms.ModelChoiceField(
        Article.objects.none(), required=False, label=gettext_lazy("One of the newest articles")
    )
    address = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("Or the address of another")
    )

    def __init__(self, was: Article, *args: Any) -> None:
        super().__init__(*args)
        self.was = was
        published = Article.objects.published().newest_first().exclude(pk=was.pk)
        newest: Any = self.fields["newest"]
        newest.queryset = published.filter(
            pk__in=list(published.values_list("pk", flat=True)[:NEWEST])
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        data["to"] = self.at(data["address"]) if data["address"] else data["newest"]
        if data["to"] is None:
            sentence = _("Please choose an article, or copy the address of one that is published.")
            raise forms.ValidationError(sentence)
        if data["to"] == self.was:
            raise forms.ValidationError(_("The thread is under this article already."))
        return data

    def at(self, address: str) -> Article | None:
        try:
            path = unquote(urlsplit(address).path).replace("\0", "")
        except ValueError:  # no address at all
            return None
        slug = path.rstrip("/").rpartition("/")[2]
        found = Article.objects.published().filter(slug=slug).first()
        return found if found and found.path == path else None


@login_required
@behind_the_door
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, id: int) -> HttpResponse:
    """A root with all its replies. Sent again it is there already, and nothing happens."""
    threads = Comment.objects.whole().in_print().filter(root__isnull=True, has_place=True)
    root = get_object_or_404(threads, pk=id)
    if not runs_discussions(request.user):
        raise PermissionDenied
    form = MoveForm(root.article, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"comment": root, "article": root.article, "form": form}
        return render(request, "comments/move.html", context, status=400 if form.is_bound else 200)
    to = form.cleaned_data["to"]
    Decision.objects.all().move(root, to, request.user)
    said = _("The thread is under “%(headline)s” now. Links to its comments lead there.")
    messages.success(request, said % {"headline": to.headline})
    return redirect(f"{root.get_absolute_url()}#c{root.pk}")
