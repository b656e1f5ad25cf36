"""How the embedded server listens."""

import socket

import pytest
from django.core.management.base import CommandError

from newsroom.management.commands.serve import listen


def test_an_answer_does_not_wait_for_its_head_to_be_acknowledged() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        answering, _address = listener.accept()
        with answering:
            assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(CommandError, match="it is taken"):
        listen("127.0.0.1", first.getsockname()[1])
