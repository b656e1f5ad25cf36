"""The house rules: what is in force, what was, and that nobody rewrites what people accepted."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Clause, Rulebook, RulesAcceptance, User
from comments.models import Comment
from tests import cast

pytestmark = pytest.mark.django_db


def rules(version: int, *, published: bool = True) -> Rulebook:
    at = timezone.now() - timedelta(days=1) if published else None
    rulebook = Rulebook.objects.create(version=version, changes="Shorter.", published_at=at)
    Clause.objects.create(rulebook=rulebook, number=1, title=f"Rule of {version}.", text="Be kind.")
    return rulebook


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_new_paper_has_seven_numbered_rules(client: Client) -> None:
    text = page(client, "/rules/")
    assert [f'id="clause-{number}" value="{number}"' in text for number in range(1, 9)] == [
        *[True] * 7,
        False,
    ]
    assert "Version 1, in force from" in text


def test_the_newest_version_is_in_force_and_older_ones_stay(client: Client) -> None:
    rules(2)
    assert "Rule of 2." in page(client, "/rules/")
    assert 'href="/rules/1/"' in page(client, "/rules/")
    assert "Keep to the subject." in page(client, "/rules/1/")


def test_an_unpublished_version_is_nowhere(client: Client) -> None:
    rules(2, published=False)
    page(client, "/rules/2/", status=404)
    assert "/rules/2/" not in page(client, "/rules/")
    assert "Rule of 2." not in page(client, "/rules/")


@pytest.mark.parametrize("version", ["0", "9", "99999999999999999999999", "-1", "1.5", "one"])
def test_a_version_that_never_was_is_not_found(client: Client, version: str) -> None:
    assert "Page not found" in page(client, f"/rules/{version}/", status=404)


def test_a_version_takes_effect_on_its_day(client: Client) -> None:
    soon = rules(2)
    Rulebook.objects.filter(pk=soon.pk).update(published_at=timezone.now() + timedelta(days=1))
    assert "Rule of 2." not in page(client, "/rules/")
    cast.a_reader()
    assert RulesAcceptance.objects.get().rulebook.version == 1


def test_a_paper_without_rules_says_so(client: Client) -> None:
    Rulebook.objects.update(published_at=None)
    page(client, "/rules/", status=404)


def form(rulebook: Rulebook, **more: str) -> dict[str, str]:
    clause = rulebook.clauses.first()
    return {
        "version": str(rulebook.version),
        "introduction": "Rewritten.",
        "clauses-TOTAL_FORMS": "1",
        "clauses-INITIAL_FORMS": "1",
        "clauses-0-id": str(clause.pk),
        "clauses-0-rulebook": str(rulebook.pk),
        "clauses-0-number": "1",
        "clauses-0-title": "Rewritten.",
        "clauses-0-text": "Rewritten.",
        "clauses-0-category": clause.category,
    } | more


def test_what_people_accepted_is_not_rewritten(admin: User, client: Client) -> None:
    rulebook = rules(2)
    desk = logged_in(admin)
    address = f"/admin/accounts/rulebook/{rulebook.pk}/"
    assert 'name="_save"' not in page(desk, f"{address}change/")
    for more in ({}, {"clauses-0-DELETE": "on"}, {"published_at_0": "", "published_at_1": ""}):
        assert desk.post(f"{address}change/", form(rulebook, **more)).status_code == 403
    assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": str(rulebook.pk), "post": "yes"}
    desk.post("/admin/accounts/rulebook/", action)
    assert "Rule of 2." in page(client, "/rules/")
    assert "Rewritten." not in page(client, "/rules/")


def test_a_version_not_yet_published_is_worked_on(admin: User, client: Client) -> None:
    rulebook = rules(2, published=False)
    address = f"/admin/accounts/rulebook/{rulebook.pk}/change/"
    today = {"published_at_0": "2026-01-01", "published_at_1": "12:00:00"}
    assert logged_in(admin).post(address, form(rulebook, **today)).status_code == 302
    assert "Rewritten." in page(client, "/rules/2/")


@pytest.mark.parametrize("who", [cast.an_author, cast.a_moderator, cast.a_reader])
def test_nobody_else_writes_rules(who) -> None:
    rulebook = rules(2, published=False)
    desk = logged_in(who())
    for address in (
        f"/admin/accounts/rulebook/{rulebook.pk}/change/",
        "/admin/accounts/rulebook/add/",
    ):
        assert desk.post(address, form(rulebook)).status_code in (302, 403)
    assert not Clause.objects.filter(title="Rewritten.").exists()


def test_markup_in_a_rule_is_text(client: Client) -> None:
    rulebook = rules(2)
    Clause.objects.filter(rulebook=rulebook).update(title="<script>1</script>", text="<img src=x>")
    assert "&lt;script&gt;1&lt;/script&gt;" in page(client, "/rules/")
    assert "<img src=x>" not in page(client, "/rules/")


# A new version


@pytest.fixture
def told(reader: User) -> User:
    """Somebody who accepted the first version, and now there is a second."""
    new = rules(2)
    Rulebook.objects.filter(pk=new.pk).update(changes="Rule 3 is <b>stricter</b>.")
    return reader


def accepted(person: User) -> list[int]:
    found = RulesAcceptance.objects.filter(person=person).order_by("rulebook__version")
    return list(found.values_list("rulebook__version", flat=True))


def test_a_new_version_is_asked_for_after_log_in_with_what_changed(told: User) -> None:
    client = Client()
    credentials = {"login": told.email, "password": cast.PASSWORD, "next": "/world/?page=2#x"}
    asked = client.post("/accounts/login/", credentials)["Location"]
    assert asked == "/rules/accept/?next=%2Fworld%2F%3Fpage%3D2%23x"
    text = page(client, asked)
    assert "What changed in version 2" in text
    assert "Rule 3 is &lt;b&gt;stricter&lt;/b&gt;." in text
    assert 'href="/world/?page=2#x"' in text  # not now
    assert accepted(told) == [1]
    assert client.post(asked, {"rules": "2", "next": "/world/?page=2#x"})["Location"] == (
        "/world/?page=2#x"
    )
    assert accepted(told) == [1, 2]
    again = Client().post("/accounts/login/", credentials)
    assert again["Location"] == "/world/?page=2#x"


def test_reading_is_never_in_the_way_of_it(told: User) -> None:
    article = cast.an_article()
    client = logged_in(told)
    for address in ("/", article.get_absolute_url(), "/me/", "/accounts/2fa/", "/rules/1/"):
        page(client, address)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("version", ["1", "3", "", "x", "2 "])
def test_only_the_version_in_force_can_be_accepted(told: User, version: str) -> None:
    answer = logged_in(told).post("/rules/accept/", {"rules": version})
    assert answer.status_code == 200
    assert "Please accept the house rules" in answer.content.decode()
    assert accepted(told) == [1]


def test_a_deed_waits_for_the_rules_and_loses_nothing(told: User) -> None:
    article = cast.an_article()
    client = logged_in(told)
    words = {
        "text": 'Two lines:\n"quoted" & <kept>.',
        "key": str(uuid.uuid4()),
    }
    address = f"/discussions/{article.pk}/"
    asked = client.post(address, words)
    text = asked.content.decode()
    assert asked.status_code == 403
    assert "What you were about to send is kept: accepting sends it." in text
    assert f'action="{address}"' in text
    assert 'value="Two lines:\n&quot;quoted&quot; &amp; &lt;kept&gt;."' in text
    assert not Comment.objects.exists()
    done = client.post(address, words | {"rules": "2"})
    assert done.status_code == 302
    assert Comment.objects.get().author == told
    assert accepted(told) == [1, 2]
    assert client.post(address, words).status_code == 302


def test_with_htmx_the_question_takes_the_pages_place(told: User) -> None:
    comment = cast.a_comment(cast.an_article(), cast.a_stranger())
    asked = logged_in(told).post(
        f"/comments/{comment.pk}/recommend/", headers={"HX-Request": "true"}
    )
    assert (asked.status_code, asked["HX-Retarget"]) == (403, "#main")


@pytest.mark.parametrize("deed", ["withdraw", "report", "unrecommend"])
def test_nobody_has_to_accept_to_take_back_or_to_report(told: User, deed: str) -> None:
    comment = cast.a_comment(cast.an_article(), told)
    answer = logged_in(told).post(f"/comments/{comment.pk}/{deed}/", {"kind": "off-topic"})
    assert "Please accept the house rules" not in answer.content.decode()
    assert accepted(told) == [1]


def test_a_forged_form_accepts_nothing(told: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(told)
    address = f"/discussions/{cast.an_article().pk}/"
    for forged in (address, "/rules/accept/"):
        assert client.post(forged, {"rules": "2", "text": "x"}).status_code == 403
    assert accepted(told) == [1]


def test_strangers_have_nothing_to_accept(told: User) -> None:
    client = Client()
    assert client.get("/rules/accept/")["Location"].startswith("/accounts/login/?next=")
    client.post("/rules/accept/", {"rules": "2"})
    assert RulesAcceptance.objects.count() == 1
