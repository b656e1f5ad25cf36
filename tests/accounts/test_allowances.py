"""How often is too often: exact in parallel, refilled evenly, and said in a sentence."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from accounts.models import Allowance, TooFast
from accounts.models.allowance import LIMITS

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def spend(times: int = 1, deed: str = "comment", who: str = "user:1") -> int:
    """How many of so many were allowed."""
    allowed = 0
    for _ in range(times):
        try:
            Allowance.objects.spend(deed, who)
        except TooFast:
            continue
        allowed += 1
    return allowed


@pytest.mark.attack("A29")
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_exactly_what_one_after_the_other_would() -> None:
    together = threading.Barrier(50)
    answers: list[int | Exception] = []

    def press() -> None:
        together.wait()
        try:
            answers.append(spend(deed="edit"))
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["0"] * 30 + ["1"] * 20
    assert Allowance.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("deed", LIMITS)
def test_the_burst_may_come_at_once_and_not_one_more(deed: str) -> None:
    burst = LIMITS[deed].burst
    with time_machine.travel(NOON, tick=False):
        assert spend(burst + 5, deed) == burst


@pytest.mark.django_db
@pytest.mark.parametrize("deed", LIMITS)
def test_it_refills_evenly(deed: str) -> None:
    limit = LIMITS[deed]
    step = limit.per / limit.burst
    with time_machine.travel(NOON, tick=False) as clock:
        spend(limit.burst, deed)
        for n in range(1, 4):
            clock.move_to(NOON + n * step - timedelta(milliseconds=1))
            assert spend(3, deed) == 0
            clock.move_to(NOON + n * step)
            assert spend(3, deed) == 1
        clock.move_to(NOON + 4 * limit.per)
        assert spend(limit.burst + 5, deed) == limit.burst


@pytest.mark.django_db
def test_a_clock_set_back_costs_nobody_more_than_that_hour() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spend(6)
        clock.shift(timedelta(hours=-1))
        with pytest.raises(TooFast) as refused:
            Allowance.objects.spend("comment", "user:1")
        assert refused.value.wait <= 3600 + 120
        clock.move_to(NOON + timedelta(minutes=2))
        assert spend(10) == 6


@pytest.mark.django_db
def test_people_and_deeds_do_not_share() -> None:
    with time_machine.travel(NOON, tick=False):
        assert spend(9) == 6
        assert spend(9, who="user:11") == 6
        assert spend(99, deed="report") == 20


@pytest.mark.django_db
def test_a_refused_try_costs_nothing() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spend(100)
        clock.shift(timedelta(seconds=20))
        assert spend() == 1


@pytest.mark.django_db
def test_the_wait_it_names_is_enough_and_not_a_second_too_long() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spend(6)
        clock.shift(timedelta(milliseconds=500))
        with pytest.raises(TooFast) as refused:
            Allowance.objects.spend("comment", "user:1")
        assert refused.value.wait == 20
        assert "wait 20 seconds" in refused.value.sentence
        clock.shift(timedelta(seconds=19))
        assert spend() == 0
        clock.shift(timedelta(seconds=1))
        assert spend() == 1


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (1, "wait 1 second and"),
        (59, "wait 59 seconds and"),
        (60, "in 1 minute."),
        (61, "in 2 minutes."),
        (3600, "in 60 minutes."),
    ],
)
def test_the_sentence_says_how_long(wait: int, words: str) -> None:
    assert words in TooFast(wait).sentence
