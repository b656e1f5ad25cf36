"""Who is told of what happens in the discussions.

Asked of the outbox at every tick of the clock, and not of whoever changes a comment: so no way to
post, pick, hide or put back a comment can forget it, and no writer waits for it.
"""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from comments.models import Comment, Follow, Mention, Notification, Place
from comments.models.notification import Kind
from newsroom.live import LiveEvent, publishing

AT_ONCE = 200  # events of one look
NO_NEWS = {"recommend", "state"}
BATCH = 500  # followers told in one transaction
NEWS = timedelta(days=30)  # what is older is nobody's news, whatever becomes of it


def look() -> None:
    """Leave a task for each comment, and article, of which something was announced since."""
    if not LiveEvent.objects.filter(pk__gt=Place.objects.here()).exists():
        return
    with publishing():
        place = Place.objects.locked()
        events = list(LiveEvent.objects.filter(pk__gt=place.event).order_by("pk")[:AT_ONCE])
        told = [event for event in events if event.kind not in NO_NEWS]
        # Each once, in the order of the events: a follower is told of the first of several.
        for comment in dict.fromkeys(e.subject for e in told if e.topic.startswith("discussion:")):
            follow_up.enqueue(comment)
        for article in dict.fromkeys(e.subject for e in told if e.topic == "newsfeed"):
            count_again.enqueue(article)
        if events:
            Place.objects.filter(pk=place.pk).update(event=events[-1].pk)


@task()
def follow_up(id: int) -> None:
    """All that follows from what became of a comment, in this order. Twice does no harm."""
    new = Comment.objects.public().filter(created_at__gt=timezone.now() - NEWS)
    said = new.filter(author__isnull=False).select_related("reply_to", "discussion")
    comment = said.filter(pk=id).first()
    if comment:
        tell_its_author_of_a_pick(comment)
        tell_whom_it_answers(comment)
        tell_whom_it_mentions(comment)
        tell_followers.enqueue(comment.pk, Kind.PERSON)
        tell_followers.enqueue(comment.pk, Kind.DISCUSSION)
    else:
        tell_of_the_next(id)
    about_it = Notification.objects.filter(comment=id, read_at__isnull=True)
    Notification.objects.recount(about_it.values_list("person", flat=True))


def tell_its_author_of_a_pick(comment: Comment) -> None:
    if comment.picked_at and comment.author_id:
        Notification.objects.tell(Kind.PICK, [comment.author_id], comment=comment)


def tell_whom_it_answers(comment: Comment) -> None:
    if comment.reply_to and comment.reply_to.author_id:
        Notification.objects.tell(Kind.REPLY, [comment.reply_to.author_id], comment=comment)


def tell_whom_it_mentions(comment: Comment) -> None:
    mentioned = Mention.objects.all().to_tell(comment).values_list("person", flat=True)
    Notification.objects.tell(Kind.MENTION, mentioned, comment=comment)


@task()
def tell_followers(id: int, kind: str, after: int = 0) -> None:
    """Some of them, and the next ones by the next task. Whoever came later is not told of it."""
    comment = Comment.objects.public().filter(pk=id, author__isnull=False).first()
    if comment is None:
        return
    following = Follow.objects.filter(at__lte=comment.created_at, pk__gt=after).order_by("pk")
    if kind == Kind.PERSON:
        following = following.filter(followed=comment.author_id)
    else:
        following = following.filter(discussion=comment.discussion_id)
    some = dict(following.values_list("pk", "person")[:BATCH])
    people = set(some.values())
    if kind == Kind.DISCUSSION:  # one is enough until it is read
        unread = Notification.objects.unread().filter(kind=kind, person__in=people)
        told = unread.filter(comment__discussion=comment.discussion_id)
        people -= set(told.values_list("person", flat=True))
    Notification.objects.tell(kind, people, comment=comment)
    if len(some) == BATCH:
        tell_followers.enqueue(id, kind, max(some))


def tell_of_the_next(id: int) -> None:
    """Who was led to a comment that is hidden now is led to what was said after it."""
    led = Notification.objects.filter(comment=id, kind=Kind.DISCUSSION, read_at__isnull=True)
    after = Comment.objects.public().filter(discussion__comments=id, pk__gt=id)
    following = after.filter(author__isnull=False).order_by("pk").first()
    if following:
        people = led.values_list("person", flat=True)
        Notification.objects.tell(Kind.DISCUSSION, people, comment=following)


@task()
def count_again(article: int) -> None:
    """An article that is withdrawn takes the notifications under it along, or brings them back."""
    under_it = Notification.objects.filter(comment__discussion=article, read_at__isnull=True)
    people = list(under_it.values_list("person", flat=True).distinct())
    for start in range(0, len(people), BATCH):
        Notification.objects.recount(people[start : start + BATCH])
