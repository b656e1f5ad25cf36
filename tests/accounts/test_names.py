"""What people may be called: nobody passes for somebody else, and nobody's own name is refused."""

import itertools
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts import names
from accounts.models import User
from tests import cast

HONEST = """
    O'Brien|O’Neill|Anne-Marie|J. R. Smith|José García|Łukasz Żak|Nguyễn Văn An|Björk|Straße|İpek
    Ọ̀ṣun Adé|ʻIolani|Иван Петров|Анна|Ελένη|Νίκος|Զարուհի|ნინო|דוד|שָׁלוֹם|محمد علي|مُحَمَّد|علی رضا
    नेहा शर्मा|สมชาย|김철수|金철수|王小明|田中さくら|スズキ一郎|Ms A|Marta 2|Bo|Ivan|Iwan|Nora
    Hora|Vera|Eva|Eve|Mia|Maria|Mario|Julia|Julie|Anna|Hanna|Tom|Tim|Jan|Jon|Joan|Nina
""".strip()
HONEST_NAMES = [name for line in HONEST.splitlines() for name in line.strip().split("|")]


def refusal(name: str) -> str:
    with pytest.raises(ValidationError) as refused:
        names.clean_name(name)
    (sentence,) = refused.value.messages
    return sentence


@pytest.mark.parametrize("name", HONEST_NAMES)
def test_an_honest_name_is_kept_as_it_is(name: str) -> None:
    assert names.clean_name(name) == unicodedata.normalize("NFKC", name)


def test_honest_names_do_not_look_alike() -> None:
    for one, other in itertools.combinations(sorted(set(HONEST_NAMES)), 2):
        assert names.skeleton(one) not in names.looks(other), (one, other)
        assert names.skeleton(other) not in names.looks(one), (one, other)


def test_spaces_and_compatibility_forms_are_tidied() -> None:
    assert names.clean_name("  Ｒｉｔａ \t Reader\n") == "Rita Reader"


@pytest.mark.attack("A10")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        *[(name, "A name has 2 to 30 characters.") for name in ("", " ", "x", "x" * 31, "ﷺ" * 2)],
        *[
            (f"Rita{unseen}Reader", "This name holds an invisible character.")
            for unseen in "\u200b\u200c\u200d\u2060\ufeff\xad"  # zero-width
            "\u202a\u202e\u2066\u2069\u200e\u200f"  # bidi
            "\u034f\u115f\u1160\u3164\uffa0\ufe0f\U000e0101\u180b\u2800\u17b4"  # drawn as nothing
            "\x00\x07\x1b\x7f\x9f\ue000\U000e0041\ufffe\u0378"  # control, private, unassigned
        ],
        *[(name, "A name needs at least one letter.") for name in ("12345", "१२", "🦊🦊", "…—!")],
        *[
            (f"Rita {sign} Reader", "A name cannot hold any of < > @ / \\ .")
            for sign in ["<", ">", "@", "/", "\\", "＜", "＠", "<b>"]
        ],
        *[
            (name, "Please write your name in letters of one alphabet.")
            for name in ("Ritа Reader", "αdmin", "Иван Smith", "Тоm", "Αnna", "Rita דוד")
        ],
        ("Z" + "\u0301\u0302\u0303\u0308\u0330\u0331" * 3, "too many marks above or below"),
    ],
)
def test_each_refusal_has_its_own_sentence(name: str, sentence: str) -> None:
    assert sentence in refusal(name)


@pytest.mark.attack("A10")
@pytest.mark.parametrize(
    "name",
    """
    admin|Admin|ADMIN|a d m i n|Admin!|admin.|.admin|a.d.m.i.n|ad-min|ａｄｍｉｎ|𝐚𝐝𝐦𝐢𝐧|ⓐⓓⓜⓘⓝ|adm1n
    admln|ADMlN|adrnin|aclmin|Moderator|rnoderator|m0derator|МОD|ΜΕ|Μe|ΜΕ.|Newsr00m|newsroorn
    nevvsroom|The Newsroom|the-newsroom|✓ Newsroom
    Staff|ѕtaff|ЅУЅТЕМ|Edit0r|editors|Supp0rt ✓|rооt|me|ME|Мe
""".strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|"),
)
def test_nobody_speaks_for_the_house(name: str) -> None:
    assert refusal(name)


@pytest.mark.attack("A10")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        ("Rita Reader", "rita reader"),
        ("Rita Reader", "RITA  READER"),
        ("Rita Reader", "RitaReader"),
        ("Rita Reader", "Rita Reader."),
        ("Rita Reader", "Rita-Reader!"),
        ("Rita Reader", "Ｒita Reader"),
        ("Inga", "lnga"),
        ("Bob", "B0b"),
        ("Fifi", "ﬁﬁ"),
        ("Straße", "STRASSE"),
        ("José", "Jose\u0301"),
        ("cop", "сор"),  # Cyrillic
        ("Peppa", "РЕРРА"),
        ("Anna", "ΑΝΝΑ"),  # Greek
        ("сора", "copa"),
        ("Анна", "анна"),
        ("Νίκος", "νίκοσ"),
        ("O'Brien", "O’Brien"),
    ],
)
def test_a_look_alike_of_somebody_is_refused_and_a_free_name_suggested(
    taken: str, wanted: str
) -> None:
    cast.a_reader(taken)
    page = Client().post("/accounts/signup/", {"name": wanted}).content.decode()
    assert "Somebody is called that already, or nearly. “" in page
    free = page.split("or nearly. “")[1].split("”")[0].replace("&#x27;", "'")
    assert names.clean_name(free) == free
    assert User.objects.name_is_free(free)


@pytest.mark.django_db
def test_a_suggestion_for_the_longest_names_fits_and_is_free() -> None:
    long = "Wolfeschlegelsteinhausen berge"
    assert len(long) == names.LONGEST
    cast.a_reader(long)
    for number in range(2, 12):
        free = User.objects.free_name(long)
        assert free == names.clean_name(free)
        assert free.endswith(f" {number}")
        assert len(free) <= names.LONGEST
        cast.a_reader(free)


@pytest.mark.attack("A10")
@pytest.mark.django_db
def test_handles_of_different_people_never_look_alike() -> None:
    people = [cast.a_reader(name) for name in ("Ann Lee", "Ann. Lee 2", "ann-lee 3", "Ann_Lee 4")]
    assert len({names.skeleton(person.username) for person in people}) == len(people)
    assert "admin" not in {person.username for person in people}


@pytest.mark.django_db
def test_a_new_admin_of_the_command_line_is_called_like_the_handle() -> None:
    for handle in ("olga", "piet"):
        assert User.objects.create_superuser(handle, f"{handle}@example.com", "x").name == handle


def test_the_admin_is_told_of_a_name_that_is_taken(admin: User, reader: User) -> None:
    desk = Client()
    desk.force_login(admin)
    new = {"username": "somebody", "name": "R1TA READER", "email": "new@example.com"}
    new |= {"usable_password": "false"}
    assert "or nearly." in desk.post("/admin/accounts/user/add/", new).content.decode()
    new |= {"username": "rita.reader", "name": "Somebody"}
    assert "or nearly." in desk.post("/admin/accounts/user/add/", new).content.decode()
    new |= {"username": "somebody"}
    assert desk.post("/admin/accounts/user/add/", new).status_code == 302
    assert User.objects.filter(name="Somebody").exists()


def test_the_admin_changes_a_person_who_keeps_their_name(admin: User, reader: User) -> None:
    desk = Client()
    desk.force_login(admin)
    form = {"username": reader.username, "name": "Rita  Reader", "email": reader.email}
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "12:00"}
    assert desk.post(f"/admin/accounts/user/{reader.pk}/change/", form).status_code == 302


@given(st.text())
def test_a_skeleton_is_total_and_its_own_skeleton(text: str) -> None:
    skeleton = names.skeleton(text)
    assert names.skeleton(skeleton) == skeleton
    assert bool(skeleton) == bool("".join(unicodedata.normalize("NFKC", text)))


@given(st.text(min_size=1, max_size=40))
def test_a_name_that_is_accepted_fits_its_columns_and_stays_accepted(text: str) -> None:
    try:
        name = names.clean_name(text)
    except ValidationError:
        return  # refused: what is accepted is this test's
    assert names.clean_name(name) == name
    assert names.SHORTEST <= len(name) <= names.LONGEST
    assert 0 < len(names.skeleton(name)) <= 90
    assert 0 < len(names.handle_from(name)) <= names.LONGEST


@pytest.mark.attack("A10")
@given(st.text(min_size=1, max_size=30))
def test_case_and_width_never_make_another_name(text: str) -> None:
    assert names.skeleton(text) == names.skeleton(text.casefold())
    assert names.skeleton(text) == names.skeleton(unicodedata.normalize("NFKC", text))
