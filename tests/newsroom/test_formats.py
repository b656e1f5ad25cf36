"""Dates and numbers, as each language writes them."""

import re
from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from tests import messages

AT = datetime(2026, 11, 4, 14, 5, tzinfo=UTC)
FORMATS = messages.ROOT / "newsroom" / "formats"


@pytest.mark.parametrize(
    ("language", "full", "day", "month", "number"),
    [
        ("en", "4 November 2026, 14:05", "4 November", "November 2026", "1,234,567.5"),
        ("ru", "4 ноября 2026 г., 14:05", "4 ноября", "ноября 2026 г.", "1\xa0234\xa0567,5"),
        (
            "es",
            "4 de noviembre de 2026, 14:05",
            "4 de noviembre",
            "noviembre de 2026",
            "1.234.567,5",
        ),
        ("ar", "4 نوفمبر 2026، 14:05", "4 نوفمبر", "نوفمبر 2026", "1,234,567.5"),
    ],
)
def test_they_are_the_languages_own(
    language: str, full: str, day: str, month: str, number: str
) -> None:
    said = Template("{% load humanize %}{{ number|intcomma }}")
    with translation.override(language):
        assert date_format(AT, "DATETIME_FORMAT") == full
        assert date_format(AT, "MONTH_DAY_FORMAT") == day
        assert date_format(AT, "YEAR_MONTH_FORMAT") == month
        assert said.render(Context({"number": 1234567.5})) == number


def test_every_language_has_its_own() -> None:
    written = {path.parent.name for path in FORMATS.glob("*/formats.py")}
    assert written == {"en", *messages.languages()}


def test_templates_write_no_date_in_one_languages_order() -> None:
    named = ("c", "l", "T", "H:i:s")  # for machines, of one word, and of the clock
    found = {
        f"{path.relative_to(messages.ROOT)}: {said}"
        for path in (messages.ROOT / "templates").rglob("*")
        if path.is_file()
        for said in re.findall(r"""\|(?:date|time):["'](.+?)["']""", path.read_text())
        if said not in named and not said.endswith("_FORMAT")
    }
    assert found == set()
