from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from comments.models.comment import Comment
from newsroom.live import announce, publishing


class Recommendations(models.Manager["Recommendation"]):
    def add(self, person, comment: Comment) -> None:
        """This person recommends the comment; once, however often it is said."""
        with publishing():
            _row, new = self.get_or_create(person=person, comment=comment)
            self.move(comment, int(new))

    def take_back(self, person, comment: Comment) -> None:
        with publishing():
            gone, _kinds = self.filter(person=person, comment=comment).delete()
            self.move(comment, -gone)

    def move(self, comment: Comment, delta: int) -> None:
        if delta:
            Comment.objects.filter(pk=comment.pk).update(recommends=F("recommends") + delta)
            comment.discussion.recommended()
            announce(comment.discussion.topic, "recommend", comment.pk)


class Recommendation(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="recommendations")
    at = models.DateTimeField(default=timezone.now)

    objects = Recommendations()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "comment"], name="one_recommendation_per_person"
            )
        ]
        indexes = [models.Index(fields=["person", "id"], name="recommends_of_a_person")]
