"""Says a comment in a discussion for each line it reads, and prints its number and the time.

    python -m bench.speaker DISCUSSION

A process of its own, as a page that somebody posts from is. The time is taken when the comment is
committed. Without a discussion it prepares the paper: it drops the tasks that wait, and prints the
liveliest discussion and the address of its article.
"""

import sys
import time

import django

if __name__ == "__main__":
    django.setup()
    from django_tasks_db.models import DBTaskResult

    from accounts.models import User
    from comments.models import Comment, Discussion

    if sys.argv[1:]:
        talk = Discussion.objects.get(pk=sys.argv[1])
        person = User.objects.get(email="reader@example.com")
        for number, _line in enumerate(sys.stdin):
            comment = Comment.objects.post(person, talk, f"Word {number} of {time.time()}.")
            print(comment.pk, time.time(), flush=True)
    else:
        DBTaskResult.objects.all().delete()
        talk = Discussion.objects.order_by("-comment_count")[0]
        print(talk.pk, talk.article.get_absolute_url())
