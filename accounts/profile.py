"""/me/profile/: what others see of me. The name, the picture, and what of the rest is shown."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import avatars
from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast, User


class AboutForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["bio", "shows_comments", "shows_joined", "shows_recommends"]
        widgets = {"bio": forms.Textarea(attrs={"rows": 3, "dir": "auto"})}

    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("shows_")]


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Public name"), max_length=200)


class AvatarForm(forms.Form):
    picture = forms.FileField(
        label=gettext_lazy("Choose a picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP of at most 4 MiB. Its middle is shown."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = AboutForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=list(form.fields))
        messages.success(request, _("Saved."))
        return redirect("profile")
    return show(request, about=form)


@login_required
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return show(request, naming=form)
    person = User.objects.get(pk=request.user.pk)
    if form.cleaned_data["name"] == person.name:
        return redirect("profile")
    try:
        person.rename(form.cleaned_data["name"])
    except ValidationError as error:
        form.add_error("name", error)
        return show(request, naming=form)
    except IntegrityError:
        form.add_error("name", _("Somebody took this name a moment ago. Please choose another."))
        return show(request, 409, naming=form)
    messages.success(request, _("You are %(name)s from now on.") % {"name": person.name})
    return redirect("profile")


@login_required
@require_POST
def avatar(request: HttpRequest) -> HttpResponse:
    if "remove" in request.POST:
        request.user.wear("")
        return redirect("profile")
    form = AvatarForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, picture=form)
    sent = form.cleaned_data["picture"]
    try:
        Allowance.objects.spend("avatar", f"person:{request.user.pk}")
        taken = avatars.take_in(sent, sent.size)
    except TooFast as too_fast:
        form.add_error("picture", too_fast.sentence)
        return show(request, 429, picture=form)
    except ValidationError as error:
        form.add_error("picture", error)
        return show(request, picture=form)
    request.user.wear(taken)
    messages.success(request, _("This is your picture from now on."))
    return redirect("profile")


def show(request: HttpRequest, status: int = 0, **forms: Any) -> HttpResponse:
    """The page, with the one form that was sent and could not be taken as it was typed."""
    person = User.objects.get(pk=request.user.pk)  # without what a form has put into the other
    soonest = person.may_be_renamed_at
    context = {
        "about": AboutForm(instance=person),
        "naming": NameForm(initial={"name": person.name}),
        "picture": AvatarForm(),
        "person": person,
        "renamed_from": soonest and date_format(localtime(soonest)),
    }
    bound = any(form.is_bound for form in forms.values())
    return render(
        request, "accounts/profile.html", context | forms, status=status or (400 if bound else 200)
    )
