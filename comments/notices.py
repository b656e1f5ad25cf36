"""Notices of illegal content (art. 16): anybody's, without an account, and what became of each."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest, number
from accounts.letters import words
from accounts.mailing import post
from accounts.models import Allowance, Mail, TooFast
from comments.decisions import about_the_appeal, appeal
from comments.models import Comment, Notice
from newsroom.live import announce, publishing
from newsroom.markup import tidy
from newsroom.refusals import refuse
from newsroom.visitors import address_of, from_our_own_page


class NoticeForm(forms.ModelForm):
    address = forms.CharField(
        label=gettext_lazy("Address of the content"),
        max_length=500,
        help_text=gettext_lazy("The link of the comment’s time, or of the article."),
    )
    good_faith = forms.BooleanField(
        label=gettext_lazy("I believe in good faith that what I say here is right and complete.")
    )

    class Meta:
        model = Notice
        fields = ["address", "reasons", "law", "name", "email"]
        widgets = {"reasons": forms.Textarea(attrs={"rows": 5})}

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        host = urlsplit(address).netloc
        if host and host != urlsplit(settings.SITE_URL).netloc:
            raise forms.ValidationError(_("This address is not of this site."))
        return address

    def clean_reasons(self) -> str:
        return tidy(self.cleaned_data["reasons"])


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    about = number(request.GET.get("comment", ""))
    first = {"address": f"{settings.SITE_URL}/comments/{about}/"} if about else {}
    if request.method != "POST":
        return render(request, "comments/notices.html", {"form": NoticeForm(initial=first)})
    if not from_our_own_page(request):
        sentence = _("For your safety the form was not sent. Open this page again and repeat it.")
        return refuse(request, 403, _("This came from another page"), sentence)
    form = NoticeForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            return redirect(take(form, address_of(request)))
        except TooFast as too_fast:
            form.add_error(None, too_fast.sentence)
            status = 429
    return render(request, "comments/notices.html", {"form": form}, status=status)


def take(form: NoticeForm, sender: str) -> Notice:
    """The notice, with the content as it was, and its receipt in the mail."""
    with publishing():
        Allowance.objects.spend("notice", sender)
        notice = form.save(commit=False)
        found = re.search(r"/comments/(\d{1,18})/", notice.address)
        comment = Comment.objects.whole().filter(pk=number(found[1])).first() if found else None
        if comment:
            notice.comment, notice.revision = comment, comment.current
            notice.evidence = comment.current.text
        notice.save()
        announce("desk", "notice", notice.pk)
        if notice.email:
            receipt = _(
                "Thank you. Your notice of illegal content has arrived; its reference is "
                "%(reference)s. A person decides about it, and you are told the outcome here:\n\n"
                "%(address)s\n"
            )
            write(notice, _("Your notice %(reference)s has arrived"), receipt, Mail.Kind.OTHER)
    return notice


def write(notice: Notice, subject: str, body: str, kind: str = Mail.Kind.STATEMENT) -> None:
    facts = {
        "reference": notice.reference,
        "address": f"{settings.SITE_URL}{notice.get_absolute_url()}",
    }
    post(words(notice.email, subject % facts, body % facts), kind)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt, later the outcome; whoever has the reference may appeal."""
    found = get_object_or_404(
        Notice.objects.select_related("answer", "comment"), reference=reference
    )
    if request.method == "POST":
        if found.answer is None or not from_our_own_page(request):
            sentence = _("Nothing has been decided about this notice yet.")
            return refuse(request, 409, _("There is nothing to appeal against"), sentence)
        return appeal(request, found.answer, {}, notice=found)
    context: dict[str, Any] = {"notice": found}
    if found.answer and found.outcome == Notice.Outcome.REFUSED:
        context |= about_the_appeal(found.answer, notice=found)
    response = render(request, "comments/notice.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
