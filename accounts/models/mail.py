from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.letters import in_parts

KEPT = timedelta(days=1)  # what no mail server took until then is of no use any more


class Mails(models.Manager["Mail"]):
    def of(self, letter: EmailMultiAlternatives, kind: str, device: str) -> "Mail":
        html, _kind = letter.alternatives[0]
        return self.create(
            kind=kind,
            to=letter.to[0] if letter.to else "",
            subject=letter.subject,
            text=letter.body,
            html=html,
            device=device,
        )

    def forget_old(self) -> None:
        self.filter(at__lt=timezone.now() - KEPT).delete()


class Mail(models.Model):
    """A mail on its way. It may hold a code or a link to log in with: its row goes when it has."""

    class Kind(models.TextChoices):
        CODE = "code", _("a code to log in with")
        SECURITY = "security", _("about the safety of an account")
        STATEMENT = "statement", _("a decision and its reasons")
        OTHER = "other", _("everything else")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    device = models.CharField(
        max_length=20, blank=True, help_text=_("The familiar browser whose budget pays for it.")
    )
    at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, help_text=_("From then on it is paid for."))

    objects = Mails()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def letter(self) -> EmailMultiAlternatives:
        """The same each time it is made: whoever gets it twice after all can tell."""
        letter = in_parts(self.to, self.subject, self.text, self.html)
        host = urlsplit(str(settings.SITE_URL)).hostname
        letter.extra_headers["Message-ID"] = f"<mail.{self.pk}@{host}>"
        return letter
