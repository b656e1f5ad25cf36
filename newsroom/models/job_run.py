from django.db import models
from django.utils import timezone


class JobRun(models.Model):
    """That the clock has begun this job for this slot of time: once, whoever looked first."""

    job = models.CharField(max_length=40)
    slot = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="one_run_per_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"
