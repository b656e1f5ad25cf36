"""What the gallery shows: one of everything, the demo's paper, and what nobody meets every day."""

from collections.abc import Iterator
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from comments import telling_by_mail
from comments.demo.paper import Paper
from comments.models import Notification
from newsroom import digests
from newsroom.models import Article, Placement
from tests import cast
from tests.comments.acting import OWN_PAGE, acting, suspended
from tests.leafing import Sheet, broken, sheets
from tests.newsroom.mailing import a_subscriber, work
from tests.permissions.world import World, build

HEADLINE = (
    "Ministers of eleven countries agree after nineteen hours of talks on a timetable for "
    "the harbour, and disagree at once about what they agreed on it"
)
NAME = "Wilhelmina Konstantinopolskaya"
TALK = [
    "The last crane was promised for May, then for August. I will believe it when I see it gone.",
    "Agreed.",
    "I cross there twice a day, and on foot it takes no longer than the ferry did. What the plan "
    "leaves out is the winter: the ramp is steep, and nobody has said who clears it of ice.\n\n"
    "> The first cars crossed at noon\n\nAnd the first bicycles an hour earlier.",
]


def make() -> World:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    Paper().make(200)
    return build()


def shown(world: World) -> Iterator[Sheet]:
    """The pages by their names, the striking ones first."""
    writer = cast.an_author(NAME)
    talker = cast.a_reader("Tom Talker")
    facts: dict[str, Any] = {"author": writer, "byline": NAME}
    articles = {n: cast.an_article(f"A discussion of {n}", **facts) for n in (0, 3, 300)}
    long = cast.an_article(HEADLINE[:140].ljust(140, "."), **facts)
    for n, article in [*articles.items(), (8, long)]:
        talk(article, [talker, writer], n)
    cast.a_section("empty", name="Empty")
    busy = Article.objects.published().order_by("-discussion__comment_count")
    demo = busy.exclude(pk__in=[articles[300].pk])[0].get_absolute_url()
    suspended(talker, User.objects.get(name="Mona Moderator"))
    world.browsers["blocked"] = acting(talker)
    Placement.objects.all().delete()  # the front page is the demo's
    for place, placed in enumerate(busy.filter(lead_photo__isnull=False)[:5], start=1):
        Placement.objects.create(article=placed, order=place)
    striking = {
        "front": "/",
        "article of the demo": demo,
        "article without comments": articles[0].get_absolute_url(),
        "article with 3 comments": articles[3].get_absolute_url(),
        "article with 300 comments": articles[300].get_absolute_url(),
        "article with a long headline and name": long.get_absolute_url(),
        "search": "/search/?q=river",
        "search without results": "/search/?q=xylophonist",
        "empty section": "/empty/",
    }
    for name, address in striking.items():
        yield Sheet(name, "visitor", address)
    yield from broken(world)
    for reader in ("owner", "editor", "blocked"):
        yield Sheet(f"article, read by {reader}", reader, articles[3].get_absolute_url())
    yield Sheet("me, blocked", "blocked", "/me/")
    yield Sheet("front, read by owner", "owner", "/")
    yield Sheet("sections’ page of the demo", "visitor", "/russia/")
    yield from sheets(world)


def talk(article: Article, people: list[User], number: int) -> None:
    root = None
    for n in range(number):
        reply_to = root if n % 3 else None
        said = cast.a_comment(article, people[n % 2], TALK[n % 3], reply_to=reply_to)
        root = said if reply_to is None else root


def letters() -> Iterator[EmailMultiAlternatives]:
    """Every kind of mail once."""
    mail.outbox = []
    DBTaskResult.objects.all().delete()  # the photos of the demo: a minute, and none in a mail
    visitor = Client(headers=OWN_PAGE)
    joining = {"name": "Petra Post", "password1": "letters-take-three-weeks", "rules": "on"}
    visitor.post("/accounts/signup/", joining | {"email": "petra@example.com"})
    visitor.post("/accounts/signup/", joining | {"email": "olga.owner@example.com"})
    for address in ("olga.owner@example.com", "nobody@example.com"):
        visitor.post("/accounts/password/reset/", {"email": address})
    visitor.post("/accounts/login/code/", {"email": "nora.new@example.com"})
    visitor.post("/subscribe/", {"email": "new@example.org", "what": "", "pace": "daily"})
    owner = User.objects.get(name="Olga Owner")
    acting(owner, headers=OWN_PAGE).post("/me/privacy/leave/", {"words": "stay", "when": "later"})
    a_subscriber("daily@example.org")
    digests.make_daily.enqueue()
    Notification.objects.filter(person=owner).update(mail_at=timezone.now())
    telling_by_mail.look()
    work()
    kinds = {" ".join(letter.subject.split()[:5]): letter for letter in mail.outbox}
    yield from kinds.values()
