"""What somebody has typed into an article's form and not saved: kept, offered again, thrown away.

Kept as it was posted, one for each person and article, and one more for a new article. Whatever
form it is taken into reads from it only the fields that the form has.
"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import HttpRequest, number
from newsroom.models import Article, ArticleVersion, Autosave

NOT_WRITING = ("csrfmiddlewaretoken", "version", "deed", "then")
WORTH_TELLING = timedelta(days=14)  # older unsaved words of others are forgotten, not work


def of(request: HttpRequest, article: Article | None) -> Autosave | None:
    """What this person left in the form of this article, or in that of a new one."""
    return Autosave.objects.filter(person=request.user, article=article).first()


def of_others(request: HttpRequest, article: Article) -> QuerySet[Autosave]:
    """Who else has unsaved words in it, the latest first."""
    lately = timezone.now() - WORTH_TELLING
    others = Autosave.objects.filter(article=article, at__gte=lately).exclude(person=request.user)
    return others.select_related("person").order_by("-at")


def forget(request: HttpRequest, article: Article | None) -> None:
    Autosave.objects.filter(person=request.user, article=article).delete()


@require_POST
def keep(request: HttpRequest, article: Article | None, context: Any) -> HttpResponse:
    """Keep the form as it stands now; `then=preview` shows it as a reader will see it."""
    fields = {name: value for name, value in request.POST.lists() if name not in NOT_WRITING}
    kept, _new = Autosave.objects.update_or_create(
        person=request.user,
        article=article,
        defaults={
            "fields": fields,
            "based_on": min(number(request.POST.get("version", "")), 2**31 - 1),
            "at": timezone.now(),
        },
    )
    if request.POST.get("then") == "preview":
        return redirect("admin:newsroom_article_preview", article.pk if article else "new")
    at = date_format(timezone.localtime(kept.at), "H:i:s")
    return JsonResponse({"said": _("Kept at %(time)s, not saved yet.") % {"time": at}})


@require_POST
def discard(request: HttpRequest, article: Article | None, context: Any) -> HttpResponse:
    forget(request, article)
    messages.success(request, _("The unsaved words are thrown away."))
    if article is None:
        return redirect("admin:newsroom_article_add")
    return redirect("admin:newsroom_article_change", article.pk)


def posted(kept: Autosave) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        data.setlist(name, values)
    return data


def typed(kept: Autosave) -> dict[str, str]:
    """Its headline, standfirst, text and address."""
    data = posted(kept)
    return {name: data[name] for name in ArticleVersion.WORDS if name in data}


def says_more(kept: Autosave, form: ModelForm) -> bool:
    """Whether it holds anything that the form does not."""
    found = read(kept, form.fields)
    return any(
        form.fields[name].has_changed(form.get_initial_for_field(form.fields[name], name), value)
        for name, value in found.items()
    )


def read(kept: Autosave, fields: dict[str, Any]) -> dict[str, Any]:
    """What it says in these fields of a form, as their widgets read it."""
    data = posted(kept)
    return {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in fields.items()
        if not field.widget.value_omitted_from_data(data, {}, name)
    }


def taken(request: Any, article: Article | None, fields: dict[str, Any]) -> dict[str, Any]:
    """What `?take=` asks for instead of what is stored, as a form's initial values: the unsaved
    words of this person (`?take=unsaved`), or those of an earlier version (`?take=3`)."""
    asked = request.GET.get("take", "")
    kept = of(request, article) if asked == "unsaved" else None
    if kept:
        return read(kept, fields)
    version = article and article.versions.filter(n=number(asked)).first()
    if version:
        return {name: getattr(version, name) for name in ("headline", "standfirst", "body")}
    return {}
