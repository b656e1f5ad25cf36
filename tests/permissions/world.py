"""One of everything, in every state, and somebody of every kind who asks for it."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Departure, Rulebook, Sighting, User
from accounts.security import PROOF
from comments.models import (
    Appeal,
    Comment,
    Decision,
    Discussion,
    FeedKey,
    Notice,
    Notification,
    Sanction,
    StatementOfReasons,
)
from comments.models.notification import Kind
from comments.unsubscribing import token_for
from newsroom.models import (
    Article,
    ArticleVersion,
    Correction,
    Mistake,
    Placement,
    Subscriber,
    Topic,
)
from tests import cast
from tests.comments.acting import a_clause, acting, do, in_days, removed, suspended

ROLES = """
    visitor new owner limited suspended erased author moderator editor admin unproved
""".split()  # the columns of the table


@dataclass(frozen=True)
class World:
    """`browsers` by role; `addresses` by the pattern's name and, after an @, what is there.
    What is hidden says "canary" and its state."""

    browsers: dict[str, Client]
    addresses: dict[str, str]


def patterns(resolver: Any = None, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Of every address that the site answers: its name (its route where it has none), its route."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, route, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield (f"{space}{each.name}" if each.name else f"/{route}"), route


def build() -> World:
    people = {
        "new": cast.a_reader("Nora New"),
        "owner": cast.a_reader("Olga Owner"),
        "limited": cast.a_reader("Lina Limited"),
        "suspended": cast.a_reader("Sven Suspended"),
        "erased": cast.a_reader("Canary Erased"),
        "author": cast.an_author(),
        "moderator": cast.a_moderator(),
        "editor": cast.an_editor(),
        "admin": cast.an_admin(),
        "unproved": cast.an_editor("Uma Unproved"),  # came in with the password alone
    }
    browsers = {"visitor": acting(raise_request_exception=False)} | {
        role: acting(one, raise_request_exception=False) for role, one in people.items()
    }
    for role in ("author", "moderator", "editor", "admin"):
        prove(browsers[role], people[role])
    articles = some_articles(people["author"])
    comments = some_comments(articles, people["owner"], people["moderator"])
    others = some_others(people, articles[""], comments)
    cast.a_comment(articles[""], people["erased"], "Words that stay.")
    people["erased"].delete()
    addresses: dict[str, str] = {}
    for name, route in patterns():
        for state, address in filled(name, route, articles, comments, others):
            addresses.setdefault(f"{name}@{state}" if state else name, address)
    return World(browsers, addresses)


def prove(browser: Client, person: User) -> None:
    """The second factor, in this session."""
    factor = Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    session = browser.session
    session[PROOF] = {"id": factor.pk, "at": time.time()}
    session.save()


def some_articles(author: User) -> dict[str, Article]:
    found = {
        "": cast.an_article("Published", author=author),
        "draft": cast.an_article(
            "canary draft", slug="d", author=author, status=Article.Status.DRAFT
        ),
        "scheduled": cast.an_article(
            "canary scheduled", slug="s", status=Article.Status.SCHEDULED, published_at=in_days(1)
        ),
        "withdrawn": cast.an_article("canary unpublished", slug="w"),
        "closed": cast.an_article("Closed"),
    }
    for article in found.values():
        article.record(author, ArticleVersion.Deed.PUBLISHED)
    return found


def some_comments(articles: dict[str, Article], owner: User, moderator: User) -> dict[str, Comment]:
    found = {
        "": cast.a_comment(articles[""], owner),
        "waiting": cast.a_comment(articles[""], owner, "canary waiting", held_because="It shouts."),
        "removed": cast.a_comment(articles[""], owner, "canary removed"),
        "withdrawn": cast.a_comment(articles[""], owner, "canary taken back"),
        "unpublished": cast.a_comment(articles["withdrawn"], owner, "canary under it"),
        "closed": cast.a_comment(articles["closed"], owner),
    }
    removed(found["removed"], moderator)
    found["withdrawn"].withdraw()
    articles["withdrawn"].withdraw(moderator)
    Discussion.objects.filter(pk=articles["closed"].pk).update(mode=Discussion.Mode.CLOSED)
    return found


def some_others(
    people: dict[str, User], article: Article, comments: dict[str, Comment]
) -> dict[str, Any]:
    """What an address may hold besides: by the address's name, or by the parameter's."""
    owner, moderator = people["owner"], people["moderator"]
    decisions = Decision.objects.all()
    suspension = suspended(people["suspended"], moderator, in_days(3))
    read_first = Sanction.Kind.PREMODERATION
    limits = (people["limited"], moderator, a_clause(), "Links.", in_days(3))
    decisions.suspend(*limits, kind=read_first)
    statement = StatementOfReasons.objects.get(decision__comment=comments["removed"])
    acting(owner).post(statement.get_absolute_url(), {"text": "It was satire."})
    do(acting(people["new"]), comments[""], "report", kind="insult")
    cast.a_comment(article, people["new"], reply_to=comments[""])
    Notification.objects.tell(Kind.PICK, [owner.pk], comment=comments[""])
    notice = Notice.objects.create(comment=comments[""], reasons="It names my child.")
    Sighting.objects.create(person=owner, by=moderator)
    Correction.objects.create(article=article, text="It is 1906.", by=people["editor"])
    Mistake.objects.create(article=article, reader=owner, text="It is 1906.")
    Placement.objects.create(article=article, order=1)
    Topic.objects.create(slug="rivers", name="Rivers")
    rosa = Subscriber.objects.create(email="rosa@example.org")
    leaving = Departure.objects.create(person=people["erased"], words_stay=True)
    return {
        "id": owner.pk,
        "username": owner.username,
        "sanction": suspension.sanction.pk,
        "slug": "world",
        "version": Rulebook.objects.in_force().version,
        "token": rosa.token,
        "path": "photos/none.jpg",
        "key": FeedKey.objects.create(person=owner).key,
        "uidb36": "1",
        "pk": 1,
        "year": "2026",
        "month": "01",
        "content_type_id": 1,
        "object_id": 1,
        "url": "nowhere",
        "app_label": "comments",
        "topic": {"slug": "rivers"},
        "topic-atom": {"slug": "rivers"},
        "topic-rss": {"slug": "rivers"},
        "desk-queue": {"slug": "waiting"},
        "desk-news": {"slug": "waiting"},
        "desk-lift": {"id": people["suspended"].pk},
        "desk-undo": {"id": suspension.pk},
        "desk-again": {"id": suspension.pk},
        "desk-appeal": {"id": Appeal.objects.latest("pk").pk},
        "desk-notice": {"id": notice.pk},
        "notification": {"id": Notification.objects.filter(person=owner)[0].pk},
        "notifications-stop": {"token": token_for(owner, [Kind.REPLY])},
        "notice": {"reference": notice.reference},
        "decision": {"reference": statement.reference},
        "stay": {"token": leaving.token},
    }


def filled(
    name: str,
    route: str,
    articles: dict[str, Article],
    comments: dict[str, Comment],
    others: dict[str, Any],
) -> Iterator[tuple[str, str]]:
    """The addresses of a route, each with the state of what stands there."""
    parameters = re.findall(r"<(?:\w+:)?(\w+)>", route)
    facts = {each: others.get(each) for each in parameters} | others.get(name, {})
    about: dict[str, Any] = {"": None}
    if re.search(r"comments/<int:id>|desk/comment/", route):
        about = comments
    elif re.search(r"discussions/<int:id>|corrections/tell/|desk/slow/|article/<", route):
        about = articles
    for state, thing in about.items():
        if name == "article":
            yield from ((s, each.get_absolute_url()) for s, each in articles.items())
            return
        if "object_id" in parameters and (model := model_of(name)):
            facts["object_id"] = getattr(thing, "pk", None) or newest(model)
        elif thing:
            facts["id"] = thing.pk
        if name.startswith("/"):
            yield state, "/" + re.sub(r"<[^>]+>|\(.*\)\$", lambda m: "1", route.lstrip("^"))
        else:
            yield state, reverse(name, kwargs=facts)


def model_of(name: str) -> Any:
    found = re.match(r"admin:(\w+?)_(\w+)_(?:history|delete|change)$", name)
    for model in apps.get_models():
        if found and name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return model
    return None


def newest(model: Any) -> int:
    row = model._base_manager.order_by("-pk").first()
    return row.pk if row else 1
