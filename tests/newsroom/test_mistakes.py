"""A reader notices an error: the editors hear of it, and a correction thanks the reader."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from newsroom.models import Article, Correction, Mistake
from tests import cast

pytestmark = pytest.mark.django_db

LIST = "/admin/newsroom/mistake/"
WRONG = "The bridge is 400 m long, not 4 km."


def acting(person: User | None = None) -> Client:
    browser = Client()
    if person:
        browser.force_login(person)
    return browser


def tell(person: User | None, article: Article, text: str = WRONG) -> Any:
    return acting(person).post(f"/corrections/tell/{article.pk}/", {"text": text})


def answer(person: User, mistake: Mistake, **how: str) -> Any:
    return acting(person).post(f"{LIST}{mistake.pk}/change/", how)


def page(address: str) -> str:
    return acting().get(address).content.decode()


def test_the_editors_hear_of_it_and_the_correction_thanks_the_reader(
    article: Article, reader: User, editor: User
) -> None:
    assert tell(reader, article)["Location"] == article.get_absolute_url()
    assert WRONG in acting(editor).get(LIST).content.decode()
    answer(editor, Mistake.objects.get(), accept="1", text="It is 400 m long.")
    for address in (article.get_absolute_url(), "/corrections/"):
        assert "It is 400 m long." in page(address)
        assert "<bdi>Rita Reader</bdi> noticed it. Thank you." in page(address)
    mistake = Mistake.objects.get()
    assert (mistake.outcome, mistake.decided_by) == ("accepted", editor)
    assert mistake.correction == Correction.objects.get()


def test_what_is_no_error_changes_nothing(article: Article, reader: User, editor: User) -> None:
    tell(reader, article)
    answer(editor, Mistake.objects.get(), dismiss="1")
    assert Mistake.objects.get().outcome == "dismissed"
    assert not Correction.objects.exists()
    assert WRONG not in page(article.get_absolute_url())


@pytest.mark.attack("A48")
def test_two_editors_answer_once(article: Article, reader: User, editor: User) -> None:
    tell(reader, article)
    mistake = Mistake.objects.get()
    for _time in range(2):
        answer(editor, mistake, accept="1", text="It is 400 m long.")
    answer(cast.an_admin(), mistake, dismiss="1")
    assert Correction.objects.count() == 1
    assert Mistake.objects.get().outcome == "accepted"


def test_a_correction_needs_its_words(article: Article, reader: User, editor: User) -> None:
    tell(reader, article)
    mistake = Mistake.objects.get()
    assert answer(editor, mistake).status_code == 400
    for text in ("", " ", "x" * 2001):
        assert answer(editor, mistake, accept="1", text=text).status_code == 400
    assert not Correction.objects.exists()


def test_it_is_told_once_and_not_without_end(article: Article, reader: User) -> None:
    for text in (WRONG, WRONG, "Two.", "Three.", "Four."):
        tell(reader, article, text)
    refused = tell(reader, article, "Six.")
    assert refused.status_code == 429
    assert "Six." in refused.content.decode()
    assert Mistake.objects.count() == 4


@pytest.mark.attack("A13")
@pytest.mark.parametrize("text", ["", "  ", "x" * 1001, "\0"])
def test_nonsense_is_refused_and_kept(text: str, article: Article, reader: User) -> None:
    assert tell(reader, article, text).status_code == 400
    assert not Mistake.objects.exists()


@pytest.mark.attack("A16")
def test_who_may_not_correct_sees_none(
    article: Article, reader: User, author: User, moderator: User
) -> None:
    tell(reader, article)
    mistake = Mistake.objects.get()
    for person in (author, moderator):
        assert acting(person).get(LIST).status_code == 403
        assert "mistake" not in acting(person).get("/admin/").content.decode()
        assert acting(person).get(f"{LIST}{mistake.pk}/change/").status_code == 403
        assert answer(person, mistake, accept="1", text="Mine.").status_code == 403
    assert answer(reader, mistake, dismiss="1").status_code == 302  # to the log-in
    assert Mistake.objects.get().outcome == ""


def test_a_visitor_is_asked_to_log_in_first(article: Article) -> None:
    address = f"/corrections/tell/{article.pk}/"
    assert tell(None, article)["Location"] == f"/accounts/login/?next={address}"
    assert address in page(article.get_absolute_url())


def test_there_is_nothing_to_correct_in_what_is_not_out(reader: User) -> None:
    assert tell(reader, cast.an_article(status=Article.Status.DRAFT)).status_code == 404


def test_a_closed_account_is_not_named(article: Article, reader: User, editor: User) -> None:
    tell(reader, article)
    answer(editor, Mistake.objects.get(), accept="1", text="It is 400 m long.")
    User.objects.filter(pk=reader.pk).update(is_active=False)
    Article.objects.get().save()
    assert "noticed it" not in page(article.get_absolute_url())


@pytest.mark.attack("A44")
def test_the_list_of_many_costs_what_one_of_few_costs(
    article: Article, reader: User, editor: User, django_assert_num_queries: Any
) -> None:
    browser = acting(editor)
    Mistake.objects.create(article=article, reader=reader, text="One.")
    browser.get(LIST)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    for number in range(20):
        Mistake.objects.create(article=cast.an_article(), reader=reader, text=f"No. {number}")
    with django_assert_num_queries(len(few)):
        browser.get(LIST)
