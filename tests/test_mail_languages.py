"""No mail mixes languages."""

import re
from typing import Any

import pytest
from django.conf import settings as site
from django.core.mail import EmailMultiAlternatives

from accounts.models import Departure, User
from comments.models import Decision
from newsroom.models import Article, Subscriber
from tests import cast, pseudo
from tests.accounts.test_mailing import allauth_sends
from tests.comments.acting import a_clause, in_days
from tests.comments.test_telling_by_mail import answered, tell
from tests.newsroom.mailing import a_subscriber, html_of, letters, work
from tests.newsroom.test_digests import send_daily
from tests.overheard import BETWEEN, WORD, Listening, outside, plain

pytestmark = pytest.mark.django_db

LANGUAGE = "ru"
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|[A-Z]{4}-[A-Z]{4}|192\.0\.2\.1|UTC")
OF_ALLAUTH = """
    account_already_exists email_changed email_confirm email_confirmation email_deleted login_code
    password_changed password_reset password_reset_key password_set
""".split()


@pytest.fixture(autouse=True)
def pseudo_speaking(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), (LANGUAGE, "Русский")]
    pseudo.speak(LANGUAGE)


@pytest.fixture
def rita(reader: User) -> User:
    User.objects.filter(pk=reader.pk).update(language=LANGUAGE)
    reader.refresh_from_db()
    return reader


def untranslated(letter: EmailMultiAlternatives, *names: str) -> list[str]:
    known = {plain(name) for name in (*names, str(site.SITE_NAME), "Rita Reader", "Sam Stranger")}
    found = []
    for text in (str(letter.subject), str(letter.body)):
        for piece in BETWEEN.split(ADDRESS.sub("\n", outside(text))):
            if WORD.search(piece) and plain(piece) not in known:
                found.append(plain(piece))
    page = Listening(known, LANGUAGE)
    page.feed(ADDRESS.sub("", html_of(letter)))
    return found + page.found


@pytest.mark.parametrize("name", OF_ALLAUTH)
def test_about_an_account(rita: User, name: str) -> None:
    facts = {"code": "ABCD-EFGH", "key": "x", "password_reset_url": "http://testserver/x"}
    facts |= {"activate_url": "http://testserver/y", "signup_url": "http://testserver/z"}
    facts |= {"from_email": "a@example.org", "to_email": "b@example.org", "deleted_email": "c@d.ef"}
    assert untranslated(allauth_sends(f"account/email/{name}", rita, **facts)) == []


def test_about_the_discussion(
    article: Article, rita: User, stranger: User, moderator: User
) -> None:
    answered(article, rita, stranger)
    Decision.objects.all().warn(rita, moderator, a_clause(), "Not so loud.")
    tell()
    assert letters(rita.email)
    clause = Decision.objects.get().clause_text
    of_people = (article.headline, "I do not think so", "Not so loud", clause)
    for letter in letters(rita.email):
        assert untranslated(letter, *of_people) == []


def test_about_leaving(rita: User, client: Any) -> None:
    client.force_login(rita)
    client.post("/me/privacy/leave/", {"words": "stay", "password": cast.PASSWORD})
    Departure.objects.update(due_at=in_days(2))
    work()
    for letter in letters(rita.email):
        assert untranslated(letter) == []


def test_of_news(section: Any) -> None:
    a_subscriber()
    Subscriber.objects.update(language=LANGUAGE)
    article = cast.an_article(section=section)
    send_daily()
    (letter,) = letters()
    of_the_paper = (article.headline, article.standfirst, section.name, section.name.upper())
    assert untranslated(letter, *of_the_paper) == []
