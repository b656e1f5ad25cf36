"""How a discussion is run: its window, slow mode, pre-moderation; by hand and by the clock."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from comments.models import Comment, Decision, Discussion
from newsroom.models import Article, LiveEvent, Section, Topic
from newsroom.retelling import look
from tests import cast
from tests.comments.acting import acting, do, in_days, later, read, say, seen, typed

pytestmark = pytest.mark.django_db

OPEN, CLOSED = "open until", "This discussion closed on"


def run(person: User | None, article: Article, /, **fields: Any) -> Any:
    return acting(person).post(f"/discussions/{article.pk}/run/", {"slow_seconds": "0", **fields})


def minute(days: float) -> str:
    return f"{timezone.localtime(in_days(days)):%Y-%m-%dT%H:%M}"


def page(article: Article) -> str:
    return read(acting(), article.get_absolute_url())


def turn() -> list[str]:
    """What the clock does each minute, and the discussions that it tells about."""
    LiveEvent.objects.all().delete()
    Discussion.objects.all().turn()
    return list(LiveEvent.objects.order_by("topic").values_list("topic", flat=True))


# As the section says


@pytest.mark.parametrize(
    ("days", "age", "stands"),
    [
        (14, 13.9, OPEN),
        (14, 14.1, CLOSED),
        (1, 0.9, OPEN),
        (1, 1.1, CLOSED),
        (None, 4000, ">open<"),
    ],
)
def test_a_discussion_is_open_as_long_as_its_section_says(
    days: int | None, age: float, stands: str
) -> None:
    section = cast.a_section("lake", discussion_days=days)
    article = cast.an_article(section=section, published_at=in_days(-age))
    assert stands in page(article).replace('class="meta">open', ">open")
    assert (say(acting(cast.a_reader()), article, "Well.").status_code == 302) == (stands != CLOSED)


def test_never_is_said_by_the_section_too() -> None:
    section = cast.a_section("quiet", moderation=Section.Moderation.CLOSED)
    article = cast.an_article(section=section)
    assert "composer closed" in page(article)
    assert say(acting(cast.a_reader()), article, "Well.").status_code == 403


def test_a_chosen_topic_is_read_before_it_is_shown(article: Article, reader: User) -> None:
    article.topics.add(Topic.objects.create(name="Courts", slug="courts", premoderated=True))
    say(acting(reader), article, "Guilty, I say.")
    assert "Guilty" not in page(article)
    assert "a moderator reads each comment first" in page(article)


def test_closing_says_when_and_why() -> None:
    published = in_days(-20)
    article = cast.an_article(published_at=published)
    closed = timezone.localtime(published + timedelta(days=14))
    said = seen(acting().get(article.get_absolute_url()))
    assert f"closed on {closed.day} {closed:%B %Y, %H:%M}" in said
    assert "In World readers discuss an article for 14 days." in said


# As an editor says


def test_an_editor_closes_it_and_opens_it_again(article: Article, editor: User) -> None:
    run(editor, article, mode="closed", closed_because="It went in circles.")
    assert CLOSED in page(article)
    assert "It went in circles." in page(article)
    run(editor, article, mode="", closed_because="It went in circles.")
    assert OPEN in page(article)
    assert "It went in circles." not in page(article)


def test_one_article_is_open_longer_shorter_or_for_good(editor: User) -> None:
    old = cast.an_article(published_at=in_days(-20))
    run(editor, old, closes_at=minute(1))
    assert OPEN in page(old)
    run(editor, old, closes_at=minute(-1))
    assert CLOSED in page(old)
    run(editor, old, stays_open="on")
    assert CLOSED not in page(old)


def test_it_opens_when_it_is_said_to(article: Article, editor: User, reader: User) -> None:
    run(editor, article, opens_at=minute(1), mode="")
    assert "This discussion opens on" in page(article)
    assert say(acting(reader), article, "First!").status_code == 403
    with later(days=1, minutes=1):
        assert say(acting(reader), article, "First!").status_code == 302


def test_a_discussion_is_read_first_where_an_editor_wants_it(
    article: Article, editor: User, reader: User
) -> None:
    run(editor, article, mode="premoderated")
    say(acting(reader), article, "Guilty, I say.")
    assert "Guilty" not in page(article)


def test_recommending_closes_by_itself(article: Article, editor: User, reader: User) -> None:
    comment = cast.a_comment(article, cast.a_stranger())
    run(editor, article, mode="closed", recommends_close_at=minute(1))
    assert do(acting(reader), comment, "recommend").status_code == 302
    with later(days=1, minutes=1):
        for deed in ("recommend", "unrecommend"):
            response = do(acting(reader), comment, deed)
            assert response.status_code == 403
            assert "Recommending has closed in this discussion." in seen(response)
        turn()
        assert "recommend/" not in page(article)
        assert "▲ 1" in page(article)


def test_every_change_is_on_the_record_and_none_is_none(article: Article, editor: User) -> None:
    for _time in range(2):
        run(editor, article, mode="premoderated", slow_seconds="60")
    decision = Decision.objects.get()
    assert (decision.action, decision.by, decision.discussion_id) == ("run", editor, article.pk)
    assert decision.facts == "Mode: a moderator reads each comment first; Slow mode: 1 minute"


def test_the_admin_does_the_same(article: Article, editor: User) -> None:
    Discussion.objects.begun(article)
    address = f"/admin/comments/discussion/{article.pk}/change/"
    form = {"mode": "closed", "closed_because": "Late.", "slow_seconds": "0"}
    assert acting(editor).post(address, form).status_code == 302
    assert CLOSED in page(article)
    assert Decision.objects.get().action == "run"
    added = {**form, "article": cast.an_article("Another").pk}
    assert acting(editor).post("/admin/comments/discussion/add/", added).status_code == 302
    assert Decision.objects.count() == 2


@pytest.mark.attack("A45")
def test_nonsense_is_refused_with_the_form(article: Article, editor: User) -> None:
    for wrong in (
        {"mode": "burning"},
        {"closes_at": "never"},
        {"closes_at": "9999-99-99T99:99"},
        {"opens_at": minute(2), "closes_at": minute(1)},
        {"slow_seconds": "7"},
        {"slow_seconds": "1e9"},
        {"closed_because": "x" * 201},
    ):
        response = run(editor, article, **wrong)
        assert response.status_code == 400
        assert "errorlist" in seen(response)
    assert not Decision.objects.exists()


@pytest.mark.attack("A18")
def test_no_form_counts_or_pins(article: Article, editor: User, reader: User) -> None:
    comment = cast.a_comment(article, reader)
    run(editor, article, comment_count="99", version="0", pinned=comment.pk, article="7")
    found = Discussion.objects.get()
    assert (found.pk, found.comment_count, found.pinned) == (article.pk, 1, None)


@pytest.mark.attack("A16")
@pytest.mark.parametrize("who", ["reader", "author", "moderator"])
def test_others_run_nothing(who: str, article: Article, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    assert run(person, article, mode="closed").status_code == 403
    read(acting(person), f"/discussions/{article.pk}/run/", status=403)
    assert "Run this discussion" not in read(acting(person), article.get_absolute_url())
    login = f"/accounts/login/?next=/discussions/{article.pk}/run/"
    assert run(None, article, mode="closed")["Location"] == login
    assert not Discussion.objects.exists()


def test_there_is_nothing_to_run_where_nothing_is_published(editor: User) -> None:
    draft = cast.an_article("Not yet", status=Article.Status.DRAFT)
    assert run(editor, draft, mode="closed").status_code == 404


# Slow mode


def test_slow_mode_is_said_to_everybody_and_held_to(
    article: Article, editor: User, reader: User
) -> None:
    run(editor, article, slow_seconds="300")
    assert "Each reader says one thing in 5 minutes" in page(article)
    assert say(acting(reader), article, "One.").status_code == 302
    refused = say(acting(reader), article, "Two.")
    assert refused.status_code == 429
    assert "This discussion is in slow mode" in seen(refused)
    assert typed(refused) == "Two."
    assert say(acting(cast.a_stranger()), article, "Three.").status_code == 302
    assert say(acting(reader), cast.an_article("Elsewhere"), "Two.").status_code == 302
    with later(minutes=5, seconds=1):
        assert say(acting(reader), article, "Four.").status_code == 302


def test_a_word_taken_back_does_not_buy_another(
    article: Article, editor: User, reader: User
) -> None:
    run(editor, article, slow_seconds="300")
    say(acting(reader), article, "One.")
    Comment.objects.get().withdraw()
    assert say(acting(reader), article, "Two.").status_code == 429


def test_who_answers_for_the_paper_is_not_slowed_down(editor: User, author: User) -> None:
    article = cast.an_article(author=author)
    run(editor, article, slow_seconds="900")
    for person in (author, editor):
        for text in ("One.", "Two."):
            assert say(acting(person), article, f"{person.name}: {text}").status_code == 302


# By the clock


def test_the_clock_commits_that_a_discussion_has_closed() -> None:
    article, begun = (
        cast.an_article(published_at=in_days(-13)),
        cast.an_article("Begun", published_at=in_days(-13)),
    )
    cast.a_comment(begun, cast.a_reader())
    version = Discussion.objects.get().version
    assert turn() == []
    with later(days=1, seconds=1):
        topics = sorted(f"discussion:{each.pk}" for each in (article, begun))
        assert turn() == topics
        assert turn() == []
        assert Discussion.objects.get(pk=begun.pk).version == version + 1


def test_the_clock_commits_what_an_editor_set(article: Article, editor: User) -> None:
    moments = {"opens_at": 1, "closes_at": 2, "recommends_close_at": 3, "author_here_until": 4}
    run(editor, article, **{name: minute(days) for name, days in moments.items()})
    for days in moments.values():
        with later(days=days, minutes=1):
            assert turn() == [f"discussion:{article.pk}"]
            assert turn() == []


def test_the_clock_leaves_alone_what_does_not_close(editor: User) -> None:
    old = cast.an_article(published_at=in_days(-14.01))
    run(editor, old, stays_open="on")
    cast.an_article("For ever", section=cast.a_section("lake", discussion_days=None))
    draft = cast.an_article("Not out", published_at=in_days(-14.01))
    Article.objects.filter(pk=draft.pk).update(status=Article.Status.WITHDRAWN)
    with later(minutes=1):
        assert turn() == []


def test_open_pages_are_told_how_it_stands(article: Article, editor: User) -> None:
    run(editor, article, slow_seconds="60")
    event = LiveEvent.objects.latest("id")
    told = look(event)
    assert told
    assert "Slow mode." in told["html"]
    assert told["kind"] == "state"


def test_a_closed_discussion_is_read_from_its_beginning() -> None:
    article, reader = cast.an_article(published_at=in_days(-15)), cast.a_reader()
    first, second = (cast.a_comment(article, reader, text) for text in ("First.", "Second."))
    html = page(article)
    assert html.index(f'id="c{first.pk}"') < html.index(f'id="c{second.pk}"')
    with time_machine.travel(in_days(-10)):
        assert "Recommended" in page(article)
