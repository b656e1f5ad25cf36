import itertools
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import avatars, names
from accounts.models.name_history import NameHistory
from accounts.participants import shown_differently

RENAMED_EVERY = timedelta(days=30)


class People(UserManager["User"]):
    def language_at(self, email: str) -> str:
        """The language of whoever has this address; of this page where that is nobody."""
        known = self.alias(lower=Lower("email")).filter(lower=email.lower())
        return known.values_list("language", flat=True).first() or get_language() or "en"

    def clean_name(self, raw: str, but: "User | None" = None) -> str:
        """The name as it will be shown, where this person may have it.

        Raises ValidationError: why not, and one near it that is free.
        """
        try:
            name = names.clean_name(raw)
            if self.name_is_free(name, but):
                return name
            why = gettext("Somebody is called that already, or nearly.")
        except ValidationError as error:
            (why,) = error.messages
        free = names.nearest(raw)
        if not self.name_is_free(free, but):
            free = self.free_name(free)
        sentence = gettext("%(why)s “%(free)s” is free.")
        raise ValidationError(sentence, params={"why": why, "free": free})

    def free_username(self, name: str, but: "User | None" = None) -> str:
        """The handle nearest to this name that nobody else has."""
        first = names.handle_from(name)
        for number in itertools.count(2):
            if self.is_free("username", {names.skeleton(first)}, but):
                return first
            first = f"{names.handle_from(name)[: names.LONGEST - 4]}-{number}"
        raise AssertionError

    def name_is_free(self, name: str, but: "User | None" = None) -> bool:
        return self.is_free("name", names.looks(name), but)

    def is_free(self, field: str, looks: set[str], but: "User | None") -> bool:
        """Whether nobody else has it now, and then, whether it is kept for nobody: in this order,
        so that who is just giving it up is seen in one of the two."""
        mine = but.pk if but else None
        taken = self.filter(**{f"{field}_skeleton__in": looks}).exclude(pk=mine)
        kept = NameHistory.objects.kept().filter(**{f"{field}_skeleton__in": looks})
        return not taken.exists() and not kept.exclude(person=mine).exists()

    def free_name(self, name: str) -> str:
        """The name nearest to this one that nobody has."""
        for number in itertools.count(2):
            ending = f" {number}"
            free = name[: names.LONGEST - len(ending)].rstrip() + ending
            if self.name_is_free(free):
                return free
        raise AssertionError

    def create_superuser(self, username, email=None, password=None, **extra):
        """By whoever has a shell on the server, and vouches for the address too."""
        extra.setdefault("name", username)
        person = super().create_superuser(username, email, password, **extra)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        return person

    def create_user(self, username=None, email=None, password=None, **extra):
        extra.setdefault("name", username or (email or "").partition("@")[0])
        return super().create_user(
            username or self.free_username(extra["name"]), email, password, **extra
        )


class User(AbstractUser):
    """Somebody with an account. `username` is the handle in addresses, `name` is what is shown."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(_("handle"), max_length=names.LONGEST, unique=True)
    username_skeleton = models.CharField(max_length=90, unique=True, editable=False)
    name = models.CharField(
        _("name"), max_length=names.LONGEST, help_text=_("What other readers see.")
    )
    name_skeleton = models.CharField(max_length=90, unique=True, editable=False)
    email = models.EmailField(_("email"))
    bio = models.CharField(_("about"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    # Counted where it is changed, and kept here because every page has its reader at hand.
    unread = models.PositiveIntegerField(_("unread notifications"), default=0, editable=False)
    avatar = models.CharField(max_length=24, blank=True, editable=False)
    # What others read on the person's page.
    shows_joined = models.BooleanField(_("since when I am here"), default=True)
    shows_comments = models.BooleanField(_("the list of my comments"), default=True)
    shows_recommends = models.BooleanField(_("which comments I recommend"), default=False)

    REQUIRED_FIELDS = ["email"]
    objects = People()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_person_per_username"),
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What the admin asks: two people whose names look alike are refused before the database
        does it. The house may use the names that are kept for it."""
        super().clean()
        sentence = _("Somebody is called that already, or nearly.")
        if not User.objects.name_is_free(self.name, but=self):
            raise ValidationError({"name": sentence})
        if not User.objects.is_free("username", {names.skeleton(self.username)}, self):
            raise ValidationError({"username": sentence})

    def save(self, *args, **kwargs) -> None:
        self.username_skeleton = names.skeleton(self.username)
        self.name_skeleton = names.skeleton(self.name)
        if self.pk and not self._state.adding and kwargs.get("update_fields") is None:
            # Never the number that was true when this person was read.
            fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = fields - {"unread"}
        super().save(*args, **kwargs)

    @property
    def may_be_renamed_at(self) -> datetime | None:
        """When; None: now."""
        last = self.former_names.order_by("-until").first()
        at = last.until + RENAMED_EVERY if last else None
        return at if at and at > timezone.now() else None

    def rename(self, raw: str) -> None:
        """Be called so from now on. The old name and address are kept for them.

        Raises ValidationError with a sentence for the person.
        """
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.pk)
            name = User.objects.clean_name(raw, but=self)
            soonest = self.may_be_renamed_at
            if soonest:
                sentence = gettext("You can change your name again from %(day)s.")
                day = date_format(timezone.localtime(soonest))
                raise ValidationError(sentence, params={"day": day})
            NameHistory.objects.create(
                person=self,
                name=self.name,
                name_skeleton=self.name_skeleton,
                username=self.username,
                username_skeleton=self.username_skeleton,
            )
            self.name, self.username = name, User.objects.free_username(name, but=self)
            self.save(update_fields=["name", "name_skeleton", "username", "username_skeleton"])
            shown_differently(self)

    def wear(self, avatar: str) -> None:
        """Have this picture beside the name, or the initials (""); the old files go within
        seconds."""
        with transaction.atomic():
            before = User.objects.select_for_update().get(pk=self.pk).avatar
            self.avatar = avatar
            self.save(update_fields=["avatar"])
            if before:
                avatars.discard.enqueue(before)
            if before != avatar:
                shown_differently(self)

    @property
    def small_avatar(self) -> str:
        return avatars.address(self.avatar, avatars.SMALL)

    @property
    def large_avatar(self) -> str:
        return avatars.address(self.avatar, avatars.LARGE)

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.username])

    def get_full_name(self) -> str:
        return self.name

    get_short_name = get_full_name

    @cached_property
    def is_verified(self) -> bool:
        """Whether one of this person's addresses is known to be theirs."""
        return EmailAddress.objects.filter(user=self, verified=True).exists()

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.name]
        letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
        return letters.upper()

    @property
    def tint(self) -> int:
        """Which of the eight avatar colours is theirs."""
        return sum(map(ord, self.username)) % 8
