"""A friendly word before a hasty text; who insists is read by a moderator first."""

import pytest

from accounts.models import User
from comments.models import Comment
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, read, say, seen, typed

pytestmark = pytest.mark.django_db

LOUD = "THE BRIDGE WAS NEVER SAFE AND THEY KNEW IT"
HASTY = {
    "shouting": [LOUD, f"> small words here\n\n{LOUD}"],
    "abuse": ["You are an IDIOT.", "What a m0r0n wrote this?", "Go on, you b@st@rd."],
    "repeat": ["Said before."],
    "language": [
        "Это давно пора было сделать, потому что мост закрыли ещё в прошлом году весной.",
        "Los coches de la ciudad no pueden cruzar el puente, pero la gente está muy contenta.",
    ],
}
CALM = [
    "The NATO and UNESCO and OPEC delegates met the IMF and the WHO in GENEVA today.",
    "They did not call him an `idiot`; the paper did.",
    "> You idiot.\n\nThat is not how we talk here.",
    "Bonjour.",
    "OK!!! YES",
]


def told(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return html.partition('name="told" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, all_ in HASTY.items() for words in all_]
)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_the_first_try_gets_a_word_and_the_second_a_moderator(
    name: str, words: str, htmx: bool, reader: User, article: Article
) -> None:
    cast.a_comment(article, reader, "Said before.")
    browser = acting(reader)
    response = say(browser, article, words, htmx=htmx)
    assert response.status_code == 409
    assert "send it again as it is: then a moderator reads it first" in seen(response)
    assert typed(response) == words
    assert (told(response), Comment.objects.count()) == (name, 1)
    response = say(browser, article, words, htmx=htmx, told=told(response))
    assert response.status_code == (200 if htmx else 302)
    held = Comment.objects.latest("id")
    assert held.state == Comment.State.PENDING
    assert name in held.held_because
    assert f'id="c{held.pk}"' not in read(acting(), article.get_absolute_url())


def test_a_second_reason_gets_its_own_word(reader: User, article: Article) -> None:
    response = say(acting(reader), article, f"{LOUD}, YOU IDIOT", told="shouting")
    assert (response.status_code, told(response)) == (409, "shouting abuse")


def test_what_is_changed_for_the_better_appears_at_once(reader: User, article: Article) -> None:
    browser = acting(reader)
    first = say(browser, article, LOUD)
    say(browser, article, LOUD.capitalize(), told=told(first))
    assert Comment.objects.get().is_public


@pytest.mark.parametrize("words", CALM)
def test_calm_words_are_not_lectured(words: str, reader: User, article: Article) -> None:
    assert say(acting(reader), article, words).status_code == 302
    assert Comment.objects.get().is_public


def test_an_edit_is_asked_about_too(reader: User, article: Article) -> None:
    comment = cast.a_comment(article, reader)
    response = do(acting(reader), comment, "edit", text=LOUD, revision=1)
    assert (response.status_code, typed(response)) == (409, LOUD)
    do(acting(reader), comment, "edit", text=LOUD, revision=1, told=told(response))
    comment.refresh_from_db()
    assert comment.state == Comment.State.PENDING


@pytest.mark.attack("A46")
def test_the_same_form_sent_twice_is_no_repeat(reader: User, article: Article) -> None:
    key = "5e0a3b4c-0000-4000-8000-000000000001"
    for _time in range(5):
        assert say(acting(reader), article, "Once only.", key=key).status_code == 302
    assert Comment.objects.get().is_public
