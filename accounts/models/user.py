import itertools

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import names


class People(UserManager["User"]):
    def free_username(self, name: str) -> str:
        """The handle nearest to this name that nobody has."""
        first = names.handle_from(name)
        for number in itertools.count(2):
            skeleton = names.skeleton(first)
            if not self.filter(username_skeleton=skeleton).exists():
                return first
            first = f"{names.handle_from(name)[: names.LONGEST - 4]}-{number}"
        raise AssertionError

    def name_is_free(self, name: str, but: "User | None" = None) -> bool:
        taken = self.filter(name_skeleton__in=names.looks(name))
        return not taken.exclude(pk=but.pk if but else None).exists()

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
        others = User.objects.exclude(pk=self.pk)
        if not User.objects.name_is_free(self.name, but=self):
            raise ValidationError({"name": sentence})
        if others.filter(username_skeleton=names.skeleton(self.username)).exists():
            raise ValidationError({"username": sentence})

    def save(self, *args, **kwargs) -> None:
        self.username_skeleton = names.skeleton(self.username)
        self.name_skeleton = names.skeleton(self.name)
        if self.pk and not self._state.adding and kwargs.get("update_fields") is None:
            # Never the number that was true when this person was read.
            fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = fields - {"unread"}
        super().save(*args, **kwargs)

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
