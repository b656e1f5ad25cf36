"""What translators are handed, and what of it the site shows."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.conf import settings

from tests import messages

LISTED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}|</?\w+")


@pytest.fixture(scope="module", params=messages.languages())
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return messages.read(messages.place(request.param), request.param)


def translated(catalog: Catalog) -> list[Message]:
    return [each for each in messages.messages(catalog) if messages.is_translated(each)]


def test_the_site_reads_what_was_translated(catalog: Catalog) -> None:
    with messages.place(str(catalog.locale)).with_suffix(".mo").open("rb") as file:
        read = messages.messages(read_mo(file))
    assert told(read) == told(translated(catalog))


def told(found: list[Message]) -> set[tuple[str, str | None, str]]:
    return {(str(list(each.id)), context(each), str(messages.strings(each))) for each in found}


def context(message: Message) -> str | None:
    """Babel reads it as bytes from a `.mo`."""
    said: str | bytes | None = message.context
    return said.decode() if isinstance(said, bytes) else said


def test_a_translation_holds_what_is_put_into_it(catalog: Catalog) -> None:
    """The same placeholders and tags; but for the greatest number, a plural may say it in words."""
    for message in translated(catalog):
        asked = held(message.id if isinstance(message.id, str) else message.id[1])
        *some, most = messages.strings(message)
        assert held(most) == asked, most
        assert all(held(each) <= asked for each in some), some


def held(text: str) -> Counter[str]:
    return Counter(PLACEHOLDERS.findall(text))


@pytest.mark.parametrize("language", LISTED)
def test_a_language_that_readers_can_choose_is_complete(language: str) -> None:
    catalog = messages.read(messages.place(language), language)
    missing = [each.id for each in messages.messages(catalog) if not messages.is_translated(each)]
    assert missing == []


def test_strings_are_found_wherever_they_are_said(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        """{% load i18n %}<p>{% translate "It’s 5 % more" %}</p>
          {% blocktranslate count n=all %}{{ n }} way{% plural %}{{ n }} ways{% endblocktranslate %}
        {% blocktranslate trimmed with name=who context "a deed" %}
            Follow <b>{{ name }}</b>
        {% endblocktranslate %}{{ who|default:_("nobody") }}"""
    )
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "page.py").write_text("f'<b>{_(\"in between\")}</b>'")
    for name in ("ROOT", "BORROWED", "NOTES"):
        monkeypatch.setattr(messages, name, tmp_path / name if name != "ROOT" else tmp_path)
    found = {(each.id, each.context) for each in messages.messages(messages.said())}
    assert found == {
        ("It’s 5 %% more", None),
        (("%(n)s way", "%(n)s ways"), None),
        ("Follow <b>%(name)s</b>", "a deed"),
        ("nobody", None),
        ("in between", None),
    }
