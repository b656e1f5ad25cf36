"""Words are the same word however they are written or inflected; and nothing breaks the reader."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from newsroom import words
from newsroom.snippets import marked, snippet
from newsroom.words import asked, stems

FORMS = [
    ("en", "election elections ELECTION"),
    ("en", "minister ministers minister's minister’s"),
    ("en", "city cities"),
    ("en", "run runs running ran"),
    ("en", "child children"),
    ("en", "café cafes CAFÉ cafe"),
    ("en", "naïve naive naïve"),
    ("ru", "министр министра министрами Министры МИНИСТРОВ"),
    ("ru", "выборы выборов выборах"),
    ("ru", "ёлка елка ЁЛКИ елку"),
    ("ru", "рынок рынка рынке рынков"),
    ("ru", "за\u0301мок замок замка"),
    ("ru", "Россия России Россией"),
    ("es", "elección elecciones eleccion ELECCIÓN"),
    ("es", "ciudad ciudades"),
    ("es", "información informaciones informacion"),
    ("es", "ministro ministra ministros ministras"),
    ("es", "luz luces"),
    ("es", "año años"),
    ("es", "habló hablaron hablar"),
    ("ar", "وزير الوزير والوزير للوزير وزيرة"),
    ("ar", "انتخابات الانتخابات انتخاب إنتخابات"),
    ("ar", "حكومة الحكومة حكومات الحكومية"),
    ("ar", "مسؤول المسؤولين مُسْؤُول مسـؤول"),
    ("ar", "كتب يكتب يكتبون كتبوا"),
    ("ar", "مستشفى مستشفيات مستشفي"),
    ("ar", "مدرسة المدارس ومدرسة للمدارس"),
    ("ar", "طالب الطلاب والطالب طالبات"),
    ("ar", "رئيس الرؤساء رُؤَسَاء والرئيس"),
    ("ar", "شهر أشهر الشهور شهران"),
    ("ar", "قرية القرى قرى"),
    ("ar", "ميناء الموانئ موانئ"),
]


@pytest.mark.parametrize(("language", "forms"), FORMS)
def test_every_form_finds_every_other(language: str, forms: str) -> None:
    for question in forms.split():
        for text in forms.split():
            (meant,) = asked(question)
            assert meant & set(stems(text, language)), f"{question} does not find {text}"
            assert marked(text, [meant]).startswith("<mark>"), f"{question} does not mark {text}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＷＩＤＥ", "wide"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("co\u00adoperate", "cooperate"),
    ],
)
def test_one_word_in_two_spellings(one: str, other: str) -> None:
    assert stems(one, "en") == stems(other, "en")


def test_other_words_are_other_words() -> None:
    assert not asked("election")[0] & set(stems("electric eleven", "en"))
    assert not asked("министр")[0] & set(stems("минута", "ru"))


def test_a_russian_name_in_an_english_text_is_a_russian_word() -> None:
    assert asked("Москва")[0] & set(stems("the song “В Москве” was played", "en"))


def test_chinese_is_read_sign_by_sign() -> None:
    assert stems("東京都", "zh") == ["東", "京", "都"]


def test_words_of_every_text_are_looked_for_only_alone() -> None:
    assert len(asked("the minister of the interior")) == 2
    assert len(asked("выборы в России")) == 2
    assert len(asked("to be or not to be")) == 1  # “not” is left
    assert asked("of the") != []


def test_a_word_said_twice_is_one_word() -> None:
    assert len(asked("Election, elections; ELECTION")) == 1


def test_a_question_and_its_words_are_bounded() -> None:
    many = asked(" ".join(f"word{n}" for n in range(10_000)))
    assert len(many) == words.ASKED
    (long,) = asked("x" * 10_000)
    assert max(map(len, long)) <= words.LONGEST


@given(st.text())
def test_a_stem_has_letters_and_digits_alone(text: str) -> None:
    """So it can stand between any quotes of either engine."""
    found = [stem for language in ("en", "es", "ru", "ar", "de") for stem in stems(text, language)]
    found += [stem for word in asked(text) for stem in word]
    assert all(stem.isalnum() for stem in found)


@given(st.text())
def test_a_text_is_found_by_each_of_its_words(text: str) -> None:
    for language in ("en", "es", "ru", "ar"):
        kept = set(stems(text, language))
        assert all(word & kept for word in asked(text)), language


# Snippets


def test_the_words_asked_for_are_marked_in_any_form() -> None:
    shown = snippet("Two ministers met the minister's staff.", asked("Minister"))
    assert shown == "Two <mark>ministers</mark> met the <mark>minister</mark>&#x27;s staff."


def test_a_snippet_is_the_passage_with_most_of_the_words() -> None:
    text = "A bridge. " + "Nothing here. " * 50 + "The old bridge on the river. " + "More. " * 99
    shown = snippet(text, asked("bridge river"))
    assert "old <mark>bridge</mark> on the <mark>river</mark>." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 300


def test_without_the_word_a_snippet_is_the_beginning() -> None:
    assert snippet("The first cars crossed.", asked("bridge")) == "The first cars crossed."
    assert snippet("", asked("bridge")) == ""


@pytest.mark.attack("A4")
def test_hostile_text_is_escaped() -> None:
    hostile = "<script>alert(1)</script> <mark>bridge</mark> & \"bridge'"
    assert marked(hostile, asked("bridge script")) == (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; "
        "&lt;mark&gt;<mark>bridge</mark>&lt;/mark&gt; &amp; &quot;<mark>bridge</mark>&#x27;"
    )


@given(st.text(), st.text())
def test_marking_changes_nothing_else(text: str, question: str) -> None:
    for plain in (text, f"{question} {text} {question}"):
        shown = marked(plain, asked(question))
        assert shown.replace("<mark>", "").replace("</mark>", "") == escape(plain)
        snippet(plain, asked(question))
