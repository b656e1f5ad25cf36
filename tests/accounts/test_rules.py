"""The house rules: what is in force, what was, and that nobody rewrites what people accepted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Clause, Rulebook, RulesAcceptance, User
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
