"""What whoever runs the site can see of it: logs, health, numbers."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY, generate_latest
from pythonjsonlogger.json import JsonFormatter

from accounts.models import User
from newsroom import metrics
from newsroom.logs import OfARequest
from tests import cast
from tests.comments.acting import often

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What goes to the log, as a site that is no demo writes it."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    formatters: Any = settings.LOGGING["formatters"]
    options = {**formatters["json"]}
    options.pop("()")
    handler.setFormatter(
        JsonFormatter(options.pop("format"), style=options.pop("style"), **options)
    )
    handler.addFilter(OfARequest())
    loggers = [logging.getLogger("security"), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield output
    for logger in loggers:
        logger.removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


# Logs


def test_every_answer_names_its_request_and_a_stranger_cannot_choose_the_name(
    client: Client,
) -> None:
    said = client.get("/healthz", headers={"X-Request-ID": "chosen-by-a-stranger"})["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", said)


def test_a_trusted_proxy_names_the_request(client: Client) -> None:
    with patch.object(settings, "TRUSTED_PROXY_COUNT", 1):
        kept = client.get("/healthz", headers={"X-Request-ID": "proxy-00000001"})
        made = client.get("/healthz", headers={"X-Request-ID": "a b\n c"})
    assert kept["X-Request-ID"] == "proxy-00000001"
    assert re.fullmatch("[0-9a-f]{16}", made["X-Request-ID"])


def test_a_failed_log_in_is_a_line_without_what_was_typed(
    written: io.StringIO, reader: User, client: Client
) -> None:
    typed = {"login": reader.email, "password": "wrong-horse-battery"}
    answer = client.post("/accounts/login/?next=/me/", typed)
    (line,) = lines(written)
    assert line["event"] == "authn_login_fail"
    assert line["level"] == "WARNING"
    assert line["address"] == "127.0.0.1"
    assert line["path"] == "/accounts/login/"
    assert line["request_id"] == answer["X-Request-ID"]
    for secret in (reader.email, "wrong-horse", "next="):
        assert secret not in written.getvalue()


def test_log_in_log_out_and_what_is_forbidden_are_lines(
    written: io.StringIO, reader: User, client: Client
) -> None:
    client.post("/accounts/login/", {"login": reader.email, "password": cast.PASSWORD})
    client.get("/admin/")
    client.get("/admin/login/")
    client.post("/accounts/logout/")
    events = [(line["event"], line.get("whom", line["person"])) for line in lines(written)]
    assert events[0] == ("authn_login_success", reader.pk)
    assert ("authz_fail", reader.pk) in events
    assert events[-1] == ("session_expired", reader.pk)


def test_new_rights_are_a_line(written: io.StringIO, reader: User, moderator: User) -> None:
    reader.groups.set(moderator.groups.all())
    line = lines(written)[-1]
    assert line["event"] == "privilege_permissions_changed"
    assert line["whom"] == [reader.pk]
    assert line["how"] == "add"


@time_machine.travel(timezone.now(), tick=False)
def test_a_used_up_allowance_is_a_line(written: io.StringIO, reader: User, client: Client) -> None:
    comment = cast.a_comment(cast.an_article(), cast.a_stranger())
    client.force_login(reader)
    often(reader, "recommend", 60)
    client.post(f"/comments/{comment.pk}/recommend/")
    event = "excess_rate_limit_exceeded"
    (line,) = [line for line in lines(written) if line["event"] == event]
    assert line["deed"] == "recommend"
    assert line["person"] == reader.pk


def test_a_line_cannot_be_broken_by_what_a_stranger_sends(
    written: io.StringIO, client: Client
) -> None:
    client.get("/nowhere/%0a%7b%22event%22:%22authn_login_success%22%7d/")
    for line in lines(written):
        assert line["event"] != "authn_login_success"


# Health


def test_a_process_is_alive_without_asking_anybody(client: Client) -> None:
    with patch("django.db.connection.cursor", side_effect=OperationalError):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"alive": True}
    assert "no-store" in answer["Cache-Control"]


def test_it_is_ready_while_database_and_cache_answer(client: Client) -> None:
    answer = client.get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "cache": True}


def test_without_a_database_it_asks_for_no_readers(client: Client) -> None:
    with patch("django.db.connection.cursor", side_effect=OperationalError("host=secret")):
        answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": False, "cache": True}
    assert answer["Retry-After"] == "5"


def test_without_a_cache_it_goes_on(client: Client) -> None:
    with patch.object(cache, "get", return_value=None):
        answer = client.get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "cache": False}


# Numbers


def test_answers_are_counted_by_room_and_status(client: Client) -> None:
    facts = {"room": "front", "method": "GET", "status": "200"}
    before = REGISTRY.get_sample_value("newsroom_answer_seconds_count", facts) or 0
    client.get("/?secret=1")
    assert REGISTRY.get_sample_value("newsroom_answer_seconds_count", facts) == before + 1
    assert b"secret" not in generate_latest(REGISTRY)


def test_a_stranger_can_add_no_number_of_their_own(client: Client) -> None:
    client.generic("INVENTED", "/")
    assert b"INVENTED" not in generate_latest(REGISTRY)


def test_what_waits_is_looked_up_when_asked(article, reader: User) -> None:
    cast.a_comment(article, reader, held_because="It shouts.")
    found = {sample.name: sample.samples[0].value for sample in metrics.Looks().collect()}
    assert found["newsroom_comments_waiting"] == 1
    assert found["newsroom_streams_open"] == 0
    assert found["newsroom_newest_event"] > 0
    assert {"newsroom_tasks_ready", "newsroom_clock_seconds"} <= found.keys()


def test_the_numbers_have_a_port_of_their_own(client: Client) -> None:
    assert client.get("/metrics/").status_code == 404
    with (
        patch.object(settings, "METRICS_PORT", 1),
        patch.object(metrics, "start_http_server") as started,
        patch.object(REGISTRY, "register"),
    ):
        metrics.serve()
    started.assert_called_once_with(1, addr="127.0.0.1")
