from typing import Any

from django.db import models

from newsroom.live import announce, publishing


class Announced(models.Model):
    """What many pages show: each change of it lets them be made anew."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with publishing():
            super().save(*args, **kwargs)
            announce("paper", self._meta.model_name or "", self.pk)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with publishing():
            announce("paper", self._meta.model_name or "", self.pk)
            return super().delete(*args, **kwargs)
