"""A paper in which everything that somebody can type is hostile. Returns where to look for it.

Run inside the site's own process, so that 1,500 comments are written by what the pages call; of
each form some are sent as a browser does.
"""

import html
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from accounts.models import User
from comments.models import Appeal, Comment, StatementOfReasons
from comments.models.comment import LONGEST
from newsroom import markup
from newsroom.models import Article, Photo, Section, Topic
from tests import cast
from tests.comments.acting import OWN_PAGE, acting, do, removed, say
from tests.hostile import COMMENTS, HOSTILE

BY_FORM = 5
PASSWORD = "newsroom-demo"
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>
<link>https://feed.example/</link><description>x</description>{}</channel></rss>"""
ITEM = """<item><guid isPermaLink="false">{0}</guid><title>{1}</title><author>{1}</author>
<category>{1}</category><pubDate>Tue, 14 May 2024 20:52:00 GMT</pubDate>
<link>https://feed.example/{0}</link><description>{1}</description></item>"""


def write(folder: Path) -> list[str]:
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        people = [cast.a_reader(f"Hans Hostile {letter}") for letter in "ABCDEFG"]
        admin = cast.an_admin()
        admin.set_password(PASSWORD)
        admin.save()
        editor, moderator = cast.an_editor("Emil Evil"), cast.a_moderator("Moritz Evil")
        articles = by_an_editor(editor)
        said = in_comments(articles[0], people)
        about = by_readers(articles[0], people, moderator)
        wild_page = wild(articles[1], people)
        imported(folder)
        name_everybody(people)
    return [wild_page, *where(articles, said, about, people)]


def batches(strings: list[str]) -> list[str]:
    """Several of them a comment, as many as are rendered as Markdown still."""
    found: list[str] = []
    text = ""
    for string in strings:
        longer = f"{text}\n\n{string}" if text else string
        if len(longer) > LONGEST or markup.is_dense(longer):
            found.append(text)
            longer = string
        text = longer
    return [*found, text]


def in_comments(article: Article, people: list[User]) -> list[Comment]:
    texts = batches(COMMENTS)
    made = [
        cast.a_comment(article, person, markup.tidy(text))
        for person, text in zip(cycle(people), texts, strict=False)
    ]
    for person, text in zip(people[:BY_FORM], texts[:: len(texts) // BY_FORM], strict=False):
        mine = by_form(article, person, text)
        do(acting(person), mine, "edit", text=f"Then: {text}"[:LONGEST], revision=1)
        made.append(mine)
    return made


def by_form(article: Article, person: User, text: str) -> Comment:
    """Sent twice, since what is odd is asked about at first; it may wait for a moderator then."""
    before = Comment.objects.filter(author=person).count()
    told = ""
    for _time in range(2):
        answer = say(acting(person), article, f"Again: {text}"[:LONGEST], told=told)
        told = answer.content.decode().partition('name="told" value="')[2].partition('"')[0]
        if answer.status_code == 302:
            break
    assert Comment.objects.filter(author=person).count() == before + 1, answer.content.decode()
    return Comment.objects.filter(author=person).latest("pk")


def by_readers(article: Article, people: list[User], moderator: User) -> list[str]:
    """Reports, decisions, appeals, notices and what somebody says of themselves."""
    sent, pages = cycle(HOSTILE[::7]), []
    author, other = people[0], people[1]
    for _time in range(BY_FORM):
        offence = cast.a_comment(article, author, markup.tidy(next(sent)))
        do(acting(other), offence, "report", kind="insult", note=next(sent)[:500])
        removed(offence, moderator, markup.tidy(f"Facts: {next(sent)}")[:500])
        statement = StatementOfReasons.objects.latest("pk")
        acting(author).post(statement.get_absolute_url(), {"text": next(sent)})
        standing = cast.a_comment(article, author, markup.tidy(next(sent)))
        notice = {"address": f"/comments/{standing.pk}/", "reasons": next(sent)}
        notice |= {"name": next(sent)[:100], "email": "n@example.org", "good_faith": "on"}
        answer = acting().post("/notices/", notice, headers=OWN_PAGE)
        assert answer.status_code == 302, answer.content
        pages += [statement.get_absolute_url(), answer["Location"]]
    assert Appeal.objects.exists()
    for person in people:
        bio = " ".join(islice(sent, 3))[:300]
        acting(person).post("/me/profile/", {"bio": bio, "shows_comments": "on"})
    pages += [person.get_absolute_url() for person in people]
    return pages


def by_an_editor(editor: User) -> list[Article]:
    """The newsroom's own fields; the words of a third are typed into the admin's form."""
    made = []
    sent = cycle(string.replace("\0", "") for string in HOSTILE)  # NUL is refused with a sentence
    for number in range(24):
        section = Section.objects.create(
            slug=f"evil-{number}", name=next(sent)[:60], description=next(sent)
        )
        topic = Topic.objects.create(slug=f"evil-{number}", name=next(sent)[:60])
        words = {field: next(sent)[:200] for field in ("alt", "caption", "credit")}
        photo = Photo.objects.create(file="photos/x.jpg", width=1, height=1, **words)
        fields: dict[str, Any] = {
            "headline": f"Hostile {next(sent)}"[:150],
            "standfirst": next(sent),
            "byline": next(sent)[:100],
            "dateline": next(sent)[:80],
            "source": next(sent)[:80],
            "body": "\n\n".join(islice(sent, 20)),
        }
        if number % 3:
            article = cast.an_article(section=section, lead_photo=photo, **fields)
        else:
            form = fields | {"section": section.pk, "status": "draft", "language": "en"}
            form |= {"slug": "", "version": 0, "deed": "publish"}
            answer = acting(editor).post("/admin/newsroom/article/add/", form)
            assert answer.status_code == 302, answer.content.decode()
            article = Article.objects.published().latest("pk")
        article.topics.add(topic)
        made.append(article)
    return made


# What could reach beyond its comment: order, towers of marks, words without an end, deep quotes.
WILD = [
    "\u202e\u2067 turned and never turned back",
    "ab" + "".join(c + "\u0336\u0315\u031a\u0489" * 12 for c in "tower"),
    "w" * 4900,
    ">" * 300 + " deep",
    "\u0647\u0630\u0627 \u0646\u0635 (a) [b]",
]


def wild(article: Article, people: list[User]) -> str:
    for text in WILD:
        cast.a_comment(article, people[0], "Calm words.")
        cast.a_comment(article, people[1], text)
    cast.a_comment(article, people[2], "Calm words.")
    return f"/discussions/{article.pk}/?sort=oldest"


def imported(folder: Path) -> None:
    items = "".join(
        ITEM.format(number, html.escape("".join(c for c in text if c >= " ")))
        for number, text in enumerate(HOSTILE[::9])
    )
    path = folder / "hostile.rss"
    path.write_text(FEED.format(items))
    call_command("import_feed", str(path), section="evil-0")


def name_everybody(people: list[User]) -> None:
    """No form lets such a name in: whoever got it in otherwise would gain nothing."""
    for person, name in zip(people, HOSTILE[::11], strict=False):
        person.name = name[:30]
        person.save(update_fields=["name"])


def where(
    articles: list[Article], said: list[Comment], about: list[str], people: list[User]
) -> list[str]:
    """Every surface on which it is read, also by those who work here."""
    first, shown = articles[0], said[:: len(said) // 8]
    found = [*(article.get_absolute_url() for article in articles[::4]), *about]
    found += [
        f"/discussions/{first.pk}/?sort=oldest",
        "/",
        "/newsfeed/",
        "/chats/",
        "/evil-0/",
        "/topics/evil-0/",
        "/me/",
        "/search/?q=x",
    ]
    found += [f"/comments/{each.pk}/{page}" for each in shown for page in ("", "edit/")]
    found += [f"/comments/{said[-1].pk}/{page}/" for page in ("history", "replies", "report")]
    found += ["/me/decisions/", "/me/notifications/", "/feeds/atom/", "/demo/mail/"]
    rooms = "article section topic photo".split()
    found += [f"/admin/newsroom/{room}/" for room in rooms]
    found += [f"/admin/newsroom/article/{first.pk}/{room}/" for room in ("change", "versions")]
    found += ["/admin/desk/", "/admin/desk/reported/", "/admin/desk/appeals/"]
    found += ["/admin/desk/notices/", f"/admin/desk/comment/{shown[1].pk}/", "/admin/"]
    found += [f"/admin/desk/person/{person.pk}/" for person in people[:2]]
    return found + [f"/admin/accounts/user/{people[0].pk}/change/", "/admin/accounts/user/"]
