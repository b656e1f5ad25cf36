"""Articles from feeds: what they become, what is refused, and that a second run changes nothing."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from newsroom import clock, newsfeed
from newsroom.importing import moment
from newsroom.language import guess
from newsroom.models import Article, LiveEvent, Section

FEEDS = Path(__file__).parent / "feeds"

pytestmark = pytest.mark.django_db


def run(path: Path | str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """The closing line, and the lines about what was refused."""
    call_command("import_feed", str(path), section="world")
    said = capsys.readouterr()
    return said.out.strip(), said.err


@pytest.fixture
def harbour(section: Section, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    return run(FEEDS / "harbour.rss", capsys)


def called(id: str) -> Article:
    return Article.objects.get(external_id=id)


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = (FEEDS / "harbour.rss").read_text()
    assert old in text
    path = tmp_path / "later.rss"
    path.write_text(text.replace(old, new))
    return path


def test_an_entry_becomes_a_published_article(harbour: tuple[str, str], client: Client) -> None:
    article = called("harbour:4711")
    assert article in Article.objects.published()
    assert article.headline == "The east pier opens on Monday"
    assert (article.byline, article.source) == ("Petra Pilot", "Harbour Office")
    assert article.source_url == "https://harbour.example/news/pier"
    assert article.published_at == datetime(2024, 5, 14, 20, 52, tzinfo=UTC)
    assert (article.section.slug, article.language, article.updated_at) == ("world", "en", None)
    assert article.headline in client.get("/feeds/atom/").content.decode()


def test_a_summary_that_stands_alone_is_printed_once(harbour: tuple[str, str]) -> None:
    article = called("harbour:4711")
    assert article.standfirst == ""
    assert article.body_html.startswith("<p>Ships may berth at the east pier")


def test_an_item_in_another_language_is_marked_by_what_it_is_in(harbour: tuple[str, str]) -> None:
    assert called("https://harbour.example/news/domingos").language == "es"


def test_an_untitled_item_is_headed_by_its_first_words_and_keeps_its_links(
    harbour: tuple[str, str],
) -> None:
    article = called("https://harbour.example/2024/05/12#3")
    assert article.headline == "The old lighthouse keeper sold her last lamp to…"
    assert 'href="https://harbour.example/lamp?a=1&amp;b=2"' in article.body_html


@pytest.mark.attack("A2")
def test_hostile_markup_does_not_survive(harbour: tuple[str, str]) -> None:
    article = called("harbour:gull")
    assert article.headline == "A gull stole the & sign"
    assert article.source_url == ""
    assert article.body_html == '<p>It flew <a rel="noopener">north</a>.</p>'


def test_what_is_refused_is_said_with_the_reason(harbour: tuple[str, str]) -> None:
    summary, refusals = harbour
    assert summary == "5 new, 0 changed, 0 unchanged, 2 refused"
    assert "Entry 5, “Only a picture”, was refused: it has no text." in refusals
    assert "“the day before yesterday” cannot be read. Write it like" in refusals
    assert len(refusals.splitlines()) == 2


def test_an_entry_without_a_date_is_dated_by_its_import(harbour: tuple[str, str]) -> None:
    article = Article.objects.get(headline="Whenever")
    assert article.published_at is not None
    assert (datetime.now(UTC) - article.published_at).total_seconds() < 60


def test_an_entry_dated_ahead_waits_for_its_date_and_is_announced_then(
    section: Section, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    text = (FEEDS / "harbour.rss").read_text()
    soon = timezone.now() + timedelta(hours=1)
    ahead = tmp_path / "ahead.rss"
    ahead.write_text(re.sub("<pubDate>[^<]*", f"<pubDate>{format_datetime(soon)}", text, count=1))
    run(ahead, capsys)
    article = called("harbour:4711")
    assert article.status == Article.Status.SCHEDULED
    told = LiveEvent.objects.filter(topic="newsfeed", subject=article.pk)
    assert not told.exists()
    assert newsfeed.look("published", article.pk) is None
    assert client.get(article.get_absolute_url()).status_code == 404
    with time_machine.travel(soon + timedelta(seconds=1)):
        clock.tick()
        assert told.count() == 1
        assert newsfeed.look("published", article.pk) is not None
        assert run(ahead, capsys)[0].startswith("0 new, 0 changed")


def test_a_second_run_changes_nothing(
    harbour: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before, events = list(Article.objects.values()), LiveEvent.objects.count()
    summary, _ = run(FEEDS / "harbour.rss", capsys)
    assert summary == "0 new, 0 changed, 5 unchanged, 2 refused"
    assert list(Article.objects.values()) == before
    assert LiveEvent.objects.count() == events


def test_what_changed_at_the_source_is_updated_at_its_old_address(
    harbour: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = called("harbour:4711").get_absolute_url()
    later = edited(tmp_path, "on Monday</title>", "on Tuesday</title>")
    assert run(later, capsys)[0] == "0 new, 1 changed, 4 unchanged, 2 refused"
    article = called("harbour:4711")
    assert article.headline == "The east pier opens on Tuesday"
    assert article.was_updated
    assert article.get_absolute_url() == address
    assert run(later, capsys)[0] == "0 new, 0 changed, 5 unchanged, 2 refused"


def test_what_the_desk_took_down_stays_down(
    harbour: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Article.objects.filter(external_id="harbour:4711").update(status=Article.Status.WITHDRAWN)
    run(edited(tmp_path, "on Monday</title>", "on Tuesday</title>"), capsys)
    assert called("harbour:4711").status == Article.Status.WITHDRAWN
    assert called("harbour:4711").headline == "The east pier opens on Monday"


def test_the_same_id_twice_in_a_file_is_refused_once(
    section: Section, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = edited(tmp_path, "harbour:gull", "harbour:4711")
    summary, refusals = run(twice, capsys)
    assert summary == "4 new, 0 changed, 0 unchanged, 3 refused"
    assert "an entry above it has the same id" in refusals
    assert called("harbour:4711").headline == "The east pier opens on Monday"


def test_numbers_as_guids_do_not_mix_two_feeds(
    section: Section, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(edited(tmp_path, "harbour:4711", "4711"), capsys)
    text = (tmp_path / "later.rss").read_text().replace("harbour.example", "canal.example")
    (tmp_path / "canal.rss").write_text(text)
    run(tmp_path / "canal.rss", capsys)
    assert Article.objects.filter(headline="The east pier opens on Monday").count() == 2


def test_an_atom_entry_has_its_summary_as_standfirst(
    section: Section, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(FEEDS / "hills.atom", capsys) == ("2 new, 0 changed, 0 unchanged, 0 refused", "")
    snow, neige = called("tag:hills.example,2024:snow"), called("tag:hills.example,2024:neige")
    assert (snow.headline, snow.standfirst) == ("Snow < rain & wind", "Less snow, more rain.")
    assert snow.body_html == "<p>It <em>rained</em>.</p>"
    assert (snow.byline, snow.language) == ("Hanna Hill, Bo Brook", "en")
    assert snow.published_at == datetime(2024, 5, 14, 8, 0, 0, 250_000, tzinfo=UTC)
    assert snow.updated_at == datetime(2024, 5, 15, 10, tzinfo=UTC)
    assert (neige.language, neige.body_html) == ("fr", "<p>Il a neigé &lt;un peu&gt;.</p>")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("broken.rss", "is broken XML (near line 3"),
        ("empty.rss", "holds no entries"),
        ("page.html", "is not an RSS or Atom feed"),
        ("nowhere.rss", "cannot be read: No such file"),
        ("", "cannot be read: Is a directory"),
    ],
)
def test_a_file_of_no_use_is_refused_in_a_sentence(
    section: Section, file: str, sentence: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("import_feed", str(FEEDS / file), section="world")
    assert sentence in str(refusal.value)
    assert not Article.objects.exists()


@pytest.mark.attack("A43")
@pytest.mark.parametrize("file", ["https://harbour.example/rss", "file:///etc/hostname"])
def test_an_address_is_not_fetched(section: Section, file: str) -> None:
    with pytest.raises(CommandError, match="nothing is fetched here"):
        call_command("import_feed", file, section="world")


def test_an_unknown_section_is_refused_with_those_there_are(section: Section) -> None:
    with pytest.raises(CommandError, match=r"no section “wrold”. The sections are: world\."):
        call_command("import_feed", str(FEEDS / "harbour.rss"), section="wrold")


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("Tue, 14 May 2024 16:52 EDT", 20),
        ("Tue, 14 May 2024 16:52 MSK", 13),
        ("Tue, 14 May 2024 16:52:00 GMT+03:00", 13),
        ("2024-05-14T16:52:00", 16),
    ],
)
def test_dates_are_read_in_their_zone(said: str, hour: int) -> None:
    assert moment(said) == datetime(2024, 5, 14, hour, 52, tzinfo=UTC)


@pytest.mark.parametrize("said", ["Tue, 14 May 2024 16:52 XYZ", "1715698320", "0001-01-01"])
def test_a_date_that_would_be_a_guess_is_not_read(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(said)


@pytest.mark.parametrize(
    ("text", "default", "language"),
    [
        ("В порту открылся новый причал", "en", "ru"),
        ("У порту відкрився новий причал", "en", "en"),
        ("افتتح الرصيف الجديد في الميناء", "en", "ar"),
        ("The pier of the harbour is open to the ships from the north", "es", "en"),
        ("Le port est ouvert pour les familles et les amis de la mer", "fr", "fr"),
        ("Il porto riapre con una festa per i bambini del quartiere", "it", "it"),
        ("El Niño", "en", "en"),
    ],
)
def test_a_language_is_guessed_only_when_it_is_plain(
    text: str, default: str, language: str
) -> None:
    assert guess(text, default) == language
