"""What people do in these tests: each through a browser of their own, as a page would send it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Allowance, Clause, Rulebook, User
from comments.counters import recount
from comments.models import Comment, Decision, Discussion, Revision
from newsroom import markup
from newsroom.models import Article

HTMX = {"HX-Request": "true"}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def acting(person: User | None = None, **options: Any) -> Client:
    """A browser in which this person is logged in; a visitor's without one."""
    browser = Client(**options)
    if person:
        browser.force_login(person)
    return browser


def read(browser: Client, address: str, status: int = 200) -> str:
    response = browser.get(address)
    assert response.status_code == status, f"{address} answered {response.status_code}"
    return response.content.decode()


def say(browser: Client, article: Article, text: str, /, *, htmx: bool = False, **more: Any) -> Any:
    headers = HTMX if htmx else None
    return browser.post(f"/discussions/{article.pk}/", {"text": text, **more}, headers=headers)


def do(
    browser: Client, comment: Comment, deed: str, /, *, htmx: bool = False, **fields: Any
) -> Any:
    headers = HTMX if htmx else None
    return browser.post(f"/comments/{comment.pk}/{deed}/", fields, headers=headers)


def typed(response: Any) -> str:
    """What stands in the answer's text field, as the browser would show and send it again."""
    field = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", response.content.decode(), re.DOTALL)
    return unescape(field[1]) if field else ""


def seen(response: Any) -> str:
    """The words of an answer, as a person reads them."""
    return " ".join(unescape(response.content.decode()).split())


def a_clause() -> Clause:
    rulebook = Rulebook.objects.in_force()
    assert rulebook
    return rulebook.clauses.all()[0]


def removed(comment: Comment, by: User, facts: str = "Not like this.") -> Decision:
    return Decision.objects.all().remove(comment, by, comment.current.n, a_clause(), facts)


def suspended(
    person: User, by: User, until: datetime | None = None, facts: str = "Insults again and again."
) -> Decision:
    return Decision.objects.all().suspend(person, by, a_clause(), facts, until)


def often(person: User, deed: str, times: int) -> None:
    """This person did that so many times just now."""
    for _time in range(times):
        Allowance.objects.spend(deed, f"person:{person.pk}")


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


@contextmanager
def later(**delta: float) -> Iterator[None]:
    """The same, but so much later."""
    with time_machine.travel(timezone.now() + timedelta(**delta), tick=False):
        yield


def a_crowd(article: Article, by: User, roots: int, replies: int = 0) -> list[Comment]:
    """So many roots with so many replies each, written at once. Returns the roots."""
    discussion = Discussion.objects.begun(article)

    def written(number: int, root: Comment | None = None) -> Comment:
        return Comment(discussion=discussion, author=by, root=root, reply_to=root)

    made = Comment.objects.bulk_create([written(number) for number in range(roots)])
    below = Comment.objects.bulk_create(
        [written(number, root) for root in made for number in range(replies)]
    )
    for comment in made + below:
        text = f"Word {comment.pk}."
        comment.current = Revision(
            comment=comment, n=1, text=text, html=markup.render_comment(text), renderer=1
        )
    Revision.objects.bulk_create([comment.current for comment in made + below])
    Comment.objects.bulk_update(made + below, ["current"], batch_size=200)
    recount()
    discussion.move()
    return made
