"""The people and things that the tests are about. Build only what the sentence needs."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Rulebook, RulesAcceptance, User
from comments.models import Comment, Discussion
from newsroom.models import Article, Section

PASSWORD = "a-long-enough-password"


def a_reader(name: str = "Rita Reader", *, verified: bool = True, **more: Any) -> User:
    """Somebody with an account who proved their address and accepted the rules."""
    email = f"{name.lower().replace(' ', '.')}@example.com"
    user = User.objects.create_user(name=name, email=email, password=PASSWORD, **more)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    rulebook = Rulebook.objects.in_force()
    if rulebook:
        RulesAcceptance.objects.create(person=user, rulebook=rulebook)
    return user


def a_stranger() -> User:
    """Another reader, to whom nothing in the test belongs."""
    return a_reader("Sam Stranger")


def an_author(name: str = "Anna Author") -> User:
    return one_of_the_staff(name, "Author")


def a_moderator(name: str = "Mona Moderator") -> User:
    return one_of_the_staff(name, "Moderator")


def an_editor(name: str = "Edgar Editor") -> User:
    return one_of_the_staff(name, "Editor")


def an_admin(name: str = "Ada Admin") -> User:
    return a_reader(name, is_staff=True, is_superuser=True)


def a_section(slug: str = "world", **more: Any) -> Section:
    """The section of that address, made where there is none yet."""
    more.setdefault("name", slug.capitalize())
    more.setdefault("description", f"All about {slug}.")
    section, _created = Section.objects.get_or_create(slug=slug, defaults=more)
    return section


def an_article(
    headline: str = "The bridge is open again", *, section: Section | None = None, **more: Any
) -> Article:
    """Published an hour ago, in the section World where no other is given."""
    facts = {
        "status": Article.Status.PUBLISHED,
        "published_at": timezone.now() - timedelta(hours=1),
        "standfirst": "Traffic crosses the river for the first time in a year.",
        "body": "The first cars crossed at noon.\n\nThe last crane leaves tomorrow.",
    } | more
    return Article.objects.create(headline=headline, section=section or a_section(), **facts)


def a_comment(
    article: Article,
    by: User,
    text: str = "Well said.",
    reply_to: Comment | None = None,
    **more: Any,
) -> Comment:
    """A public one; `held_because` makes it wait."""
    return Comment.objects.post(by, Discussion.objects.begun(article), text, reply_to, **more)


def one_of_the_staff(name: str, group: str) -> User:
    user = a_reader(name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user
