"""A reader tells the article's editors of an error; they answer in the admin."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast
from newsroom.models import Article, Mistake


class MistakeForm(forms.ModelForm):
    class Meta:
        model = Mistake
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What was wrong, and what is right"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, id: int) -> HttpResponse:
    """Sent twice, it is told once."""
    article = get_object_or_404(Article.objects.published().select_related("section"), pk=id)
    form = MistakeForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method != "POST" else 400
    if form.is_valid():
        try:
            Allowance.objects.spend("mistake", f"person:{request.user.pk}")
            Mistake.objects.get_or_create(
                article=article, reader=request.user, text=form.cleaned_data["text"]
            )
        except TooFast as too_fast:
            form.add_error("text", too_fast.sentence)
            status = 429
        else:
            messages.success(request, _("Thank you. The article’s editors will look at it."))
            return redirect(article)
    context = {"article": article, "form": form}
    return render(request, "newsroom/mistake.html", context, status=status)


def answer(request: HttpRequest, mistake: Mistake, context: dict[str, Any]) -> HttpResponse:
    """An editor's answer: a correction that thanks the reader, or that there is no error."""
    form = CorrectionForm(request.POST if "accept" in request.POST else None)
    if request.method == "POST" and ("dismiss" in request.POST or form.is_valid()):
        if form.is_bound:
            decided = mistake.accept(request.user, form.cleaned_data["text"])
        else:
            decided = mistake.decide(request.user, Mistake.Outcome.DISMISSED)
        if decided:
            messages.success(request, _("Done."))
        else:
            messages.warning(request, _("Somebody answered this before you. Nothing was done."))
        return redirect("admin:newsroom_mistake_changelist")
    context |= {"title": _("A possible error"), "mistake": mistake, "form": form}
    status = 200 if request.method != "POST" else 400
    return TemplateResponse(request, "admin/newsroom/mistake/answer.html", context, status=status)
