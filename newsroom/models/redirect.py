from django.db import models


class Redirect(models.Model):
    """An address that an article once had: it leads to the present one."""

    path = models.CharField(max_length=160, unique=True)
    article = models.ForeignKey("Article", models.CASCADE, related_name="redirects")

    def __str__(self) -> str:
        return self.path
