from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.live import announce, publishing
from newsroom.models.article import Article
from newsroom.models.version import ArticleVersion


class Correction(models.Model):
    """A dated note on an article: what was wrong in it, and what is right."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="corrections", verbose_name=_("article")
    )
    text = models.TextField(_("what was wrong, and what is right"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("by"),
    )
    thanks_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        help_text=_("The reader who noticed."),
    )
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="corrections_by_time")]

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        """What no reader has seen is changed, not corrected."""
        article = Article.objects.filter(pk=self.article_id).first()
        if article and not article.is_published:
            sentence = _("Readers do not see this article: change it where it is wrong.")
            raise ValidationError({"article": sentence})

    def publish(self) -> None:
        """Put it on the article, which from now on says something else than earlier readers saw."""
        with publishing():
            self.save()
            Article.objects.filter(pk=self.article_id).update(
                updated_at=self.at, substantive_at=self.at
            )
            self.article.record(self.by, ArticleVersion.Deed.CORRECTED)
            announce("newsfeed", "corrected", self.article_id)
