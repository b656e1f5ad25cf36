from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from comments.models.draft import new_key


class FeedKey(models.Model):
    """What opens a person's own feed to a program that cannot log in. Gone, it opens nothing."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="feed_key"
    )
    key = models.CharField(max_length=40, unique=True, default=new_key)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("replies-rss", args=[self.key])
