"""A believable small paper for a demo: its people, its articles, and what they say about them.

The words are in articles.toml and talk.toml, the pictures are drawn by drawings/. The same day
gives the same paper: every choice comes from one seeded generator.
"""

import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from tqdm import tqdm

from accounts.models import Clause, Rulebook, RulesAcceptance, User
from comments.counters import recount
from comments.demo import drawings
from comments.models import (
    Appeal,
    Comment,
    Decision,
    Discussion,
    Notice,
    Recommendation,
    Rejudgement,
    Report,
)
from comments.models.decision import UNDO
from comments.models.rejudgement import ONE_IN
from newsroom.live import LiveEvent, publishing
from newsroom.models import Article, Photo, Section, Topic

HERE = Path(__file__).parent
PASSWORD = "newsroom-demo"  # noqa: S105 - printed at every start of a demo
COMMENTS = 1500
APPROVED = 180  # decisions of its record: too few for the desk to learn from
BATCH = 1000  # articles of the archive in one transaction
OPEN_LONG = timedelta(days=60)  # for the three busiest discussions, so that a demo stays alive
STAFF = {  # the demo's accounts: the public name, and the group
    "reader": ("Robin Reader", ""),
    "author": ("Inga Petrova", "Author"),
    "moderator": ("Mo Adeyemi", "Moderator"),
    "editor": ("Edda Lindgren", "Editor"),
    "admin": ("Ada Winter", ""),
}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text())


class Paper:
    """Makes the whole paper; call `make()` once, on an empty database."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.random = random.Random(2006)  # noqa: S311 - repeatable on purpose
        self.paper, self.talk = read("articles"), read("talk")
        self.people: dict[str, User] = {}
        self.articles: dict[str, Article] = {}

    def make(self, comments: int = COMMENTS) -> None:
        with publishing():
            self.make_people()
            self.make_articles()
            self.make_talk(comments)
            self.make_recommendations()
            self.make_moderation()
            self.open_some_for_long()
            recount()
            Discussion.objects.update(version=1)
            for discussion in Discussion.objects.all():
                discussion.move()
        LiveEvent.objects.all().delete()  # nobody was listening yet

    # People

    def make_people(self) -> None:
        password = make_password(PASSWORD)
        for handle, (name, group) in STAFF.items():
            person = self.make_person(name, f"{handle}@example.com", password)
            person.is_staff = handle != "reader"
            person.is_superuser = handle == "admin"
            person.save(update_fields=["is_staff", "is_superuser"])
            if group:
                person.groups.add(Group.objects.get(name=group))
            self.people[handle] = person
        for number, reader in enumerate(self.talk["reader"], start=1):
            person = self.make_person(reader["name"], f"reader{number}@example.com", password)
            person.bio = reader["bio"]
            person.save(update_fields=["bio"])

    def make_person(self, name: str, email: str, password: str) -> User:
        person = User(
            name=name,
            username=User.objects.free_username(name),
            email=email,
            password=password,
            date_joined=self.now - timedelta(days=self.random.randint(20, 900)),
        )
        person.save()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        rulebook = Rulebook.objects.in_force()
        if rulebook:
            RulesAcceptance.objects.create(
                person=person, rulebook=rulebook, accepted_at=person.date_joined
            )
        self.people[name] = person
        return person

    # Articles

    def make_articles(self) -> None:
        sections = {
            each["slug"]: Section.objects.create(order=order, **each)
            for order, each in enumerate(self.paper["section"])
        }
        for each in tqdm(self.paper["article"], "articles", disable=None):
            article = Article(
                section=sections[each["section"]],
                headline=each["headline"],
                standfirst=each["standfirst"],
                dateline=each["dateline"],
                source=each["source"],
                byline=each["byline"],
                body=each["body"].strip(),
                author=self.people.get(each["byline"]),
                status=Article.Status.PUBLISHED,
                published_at=self.published(each["hours_ago"]),
                lead_photo=self.make_photo(each) if each["drawing"] else None,
            )
            article.save()
            self.articles[each["key"]] = article
        for each in self.paper["topic"]:
            keys = each.pop("articles")
            topic = Topic.objects.create(**each)
            topic.articles.set(self.articles[key] for key in keys)

    def make_archive(self, articles: int) -> None:
        """As many more as make `articles` in all, years back: to try a big paper."""
        sections = list(Section.objects.all())
        bodies = list(Article.objects.values_list("headline", "body", "body_html"))
        oldest = self.now - timedelta(days=15)
        missing = max(articles - len(bodies), 0)
        for start in tqdm(range(0, missing, BATCH), "archive", disable=None, unit=f"×{BATCH}"):
            made = []
            for number in range(start, min(start + BATCH, missing)):
                headline, body, html = self.random.choice(bodies)
                made.append(
                    Article(
                        section=self.random.choice(sections),
                        headline=headline,
                        slug=f"archive-{number + 1}",
                        body=body,
                        body_html=html,
                        status=Article.Status.PUBLISHED,
                        published_at=oldest - timedelta(minutes=17 * number),
                    )
                )
            Article.objects.bulk_create(made)

    def published(self, hours_ago: float) -> datetime:
        """That many hours ago; what is of the last hour is of today, also just after midnight."""
        at = self.now - timedelta(hours=hours_ago)
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        return max(at, min(midnight, self.now)) if hours_ago <= 1 else at

    def make_photo(self, each: dict[str, Any]) -> Photo:
        photo = Photo(alt=each["alt"], caption=each["caption"], credit=each["credit"])
        photo.width, photo.height = drawings.WIDTH, drawings.HEIGHT
        drawn = drawings.draw(each["drawing"], each["key"])
        photo.file.save("drawing.jpg", ContentFile(drawn), save=False)
        photo.save()
        return photo

    # Talk

    def make_talk(self, comments: int) -> None:
        """First every line of the script, in its thread; then remarks, to `comments` in all."""
        lines = sorted(self.script(comments), key=lambda line: line["at"])
        said: dict[int, Comment] = {}
        for line in tqdm(lines, "comments", disable=None):
            said[id(line)] = self.say(line, said)

    def script(self, comments: int) -> list[dict[str, Any]]:
        """Who says what, where, when and to whom, each as a dictionary; `to` is another of them."""
        lines: list[dict[str, Any]] = []
        for thread in self.talk["thread"]:
            article = self.articles[thread["article"]]
            root = self.line(article, thread["author"], thread["text"])
            lines.append(root)
            last_of = {thread["author"]: root}
            after = root
            for reply in thread["replies"]:
                to = last_of.get(reply.get("to", ""), root)
                after = self.line(article, reply["author"], reply["text"], to, after["at"])
                last_of[reply["author"]] = after
                lines.append(after)
        roots = [line for line in lines if line["to"] is None]
        talkative = sorted({line["author"] for line in lines})
        for text, kind, article in self.remarks():
            if len(lines) >= comments:
                break
            author = self.random.choice(talkative)
            here = [root for root in roots if root["article"] == article]
            if kind == "root" or not here:
                lines.append(self.line(article, author, text))
                roots.append(lines[-1])
            else:
                to = self.random.choice(here)
                lines.append(self.line(article, author, text, to, to["at"]))
        return lines

    def line(
        self,
        article: Article,
        author: str,
        text: str,
        to: dict[str, Any] | None = None,
        after: datetime | None = None,
    ) -> dict[str, Any]:
        since = after or article.published_at or self.now
        # Talk is thickest soon after it began, and thins out over two days.
        left = max((self.now - since).total_seconds() - 60, 1)
        within = min(left, 4 * 3600 if to else 48 * 3600)
        at = since + timedelta(seconds=1 + within * self.random.random() ** 2)
        return {"article": article, "author": author, "text": text, "to": to, "at": at}

    def remarks(self) -> Iterator[tuple[str, str, Article]]:
        """Remarks without end, each fitting its article; the newer articles get more of them."""
        articles = list(self.articles.values())
        weights = [3 if number < 6 else 1 for number in range(len(articles))]
        codas = ["", *(coda["text"] for coda in self.talk["coda"])]
        used: set[tuple[int, str]] = set()
        while True:
            article = self.random.choices(articles, weights)[0]
            remark = self.random.choice(self.talk["remark"])
            if {"any", article.section.slug} & set(remark["sections"]):
                text = f"{remark['text']} {self.random.choice(codas)}".strip()
                if (article.pk, remark["text"]) not in used:
                    used.add((article.pk, remark["text"]))
                    yield text, remark["kind"], article

    def say(self, line: dict[str, Any], said: dict[int, Comment]) -> Comment:
        to = said[id(line["to"])] if line["to"] else None
        return self.comment(line["article"], line["author"], line["text"], line["at"], to)

    def comment(
        self,
        article: Article,
        author: str,
        text: str,
        at: datetime,
        to: Comment | None = None,
        held_because: str = "",
    ) -> Comment:
        comment = Comment.objects.create(
            discussion=Discussion.objects.begun(article),
            author=self.people[author],
            root_id=to.thread_id if to else None,
            reply_to=to,
            state=Comment.State.PENDING if held_because else Comment.State.PUBLIC,
            held_because=held_because,
            created_at=at,
            appeared_at=None if held_because else at,
        )
        comment.write(text)
        comment.save(update_fields=["current"])
        return comment

    def make_recommendations(self) -> None:
        readers = [self.people[reader["name"]] for reader in self.talk["reader"]]
        rows = []
        for comment in Comment.objects.all():
            likes = min(int(self.random.expovariate(1 / 3)), len(readers) - 1)
            for person in self.random.sample(readers, likes):
                if person.pk != comment.author_id:
                    rows.append(Recommendation(person=person, comment=comment))
        Recommendation.objects.bulk_create(rows)
        recount()
        for article in self.articles.values():
            best = Comment.objects.filter(discussion=article.pk, root__isnull=True)
            for pick in best.order_by("-recommends")[:1]:
                Comment.objects.filter(pk=pick.pk).update(picked_at=self.now)

    # Moderation

    def make_moderation(self) -> None:
        moderator = self.people["moderator"]
        decisions = Decision.objects.all()
        self.make_record()
        for minutes, each in enumerate(self.talk["waiting"], start=2):
            at = self.now - timedelta(minutes=3 * minutes)
            self.comment(
                self.articles[each["article"]],
                each["author"],
                each["text"],
                at,
                held_because=each["why"],
            )
        for minutes, each in enumerate(self.talk["reported"], start=4):
            at = self.now - timedelta(minutes=9 * minutes)
            comment = self.comment(self.articles[each["article"]], each["author"], each["text"], at)
            for report in each["reports"]:
                Report.objects.create(
                    comment=comment,
                    revision=comment.current,
                    reporter=self.people[report["by"]],
                    kind=report["kind"],
                    note=report["note"],
                    at=at + timedelta(minutes=5),
                )
        for hours, each in enumerate(self.talk["removed"], start=2):
            at = self.now - timedelta(hours=5 * hours)
            article = self.articles[each["article"]]
            comment = self.comment(
                article, each["author"], each["text"], max(at, article.published_at or at)
            )
            removal = decisions.remove(
                comment, moderator, 1, self.clause(each["clause"]), each["reason"]
            )
        words = "I argued with what was said, and not with whoever said it. Please read it again."
        Appeal.objects.all().make(removal, words, person=removal.person)
        disputed = Comment.objects.filter(is_public=True).order_by("pk")[0]
        Notice.objects.create(
            address=f"/comments/{disputed.pk}/",
            comment=disputed,
            revision=disputed.current,
            evidence=disputed.current.text,
            reasons="It says of my company what a court has forbidden to be said.",
            law="Defamation",
            name="N. Notifier",
            email="notifier@example.net",
        )
        suspended = self.talk["suspended"]
        decisions.suspend(
            self.people[suspended["author"]],
            moderator,
            self.clause(suspended["clause"]),
            suspended["reason"],
            self.now + timedelta(days=suspended["days"]),
        )

    def make_record(self) -> None:
        """What two of the newsroom approved lately, and how one judged again what the other had."""
        two = [self.people["moderator"], self.people["editor"]]
        settled = self.now - UNDO  # nobody is offered to undo it
        approved = [
            Decision(
                action=Decision.Action.APPROVE,
                by=two[n % 3 == 0],
                comment=comment,
                revision=comment.current,
                person=comment.author,
                state_was=Comment.State.PENDING,
                held_because="one of a reader's first comments",
                detected=True,
                at=min(comment.created_at + timedelta(minutes=2 + n * 7 % 23), settled),
            )
            for n, comment in enumerate(
                Comment.objects.select_related("current", "author").order_by("-created_at")[
                    : 5 * APPROVED : 5
                ]
            )
        ]
        Decision.objects.bulk_create(sorted(approved, key=lambda each: each.at))
        sampled = [each for each in approved if each.pk % ONE_IN == 0]
        Rejudgement.objects.bulk_create(
            Rejudgement(decision=each, by=two[each.by == two[0]], answer="approve", at=each.at)
            for each in sampled[:-1]
        )

    def clause(self, number: int) -> Clause:
        return Clause.objects.get(rulebook=Rulebook.objects.in_force(), number=number)

    def open_some_for_long(self) -> None:
        for article in list(self.articles.values())[:3]:
            Discussion.objects.filter(pk=article.pk).update(closes_at=self.now + OPEN_LONG)
