"""The stem of a word, so that “elections” finds “election”: Snowball's, and what it leaves apart.

A word has several stems where it can be read in several ways. They are for comparing alone.
"""

import re
import unicodedata

import snowballstemmer

CYRILLIC = re.compile("[\u0400-\u052f]")
ARABIC = re.compile("[\u0600-\u06ff]")
NO_MARKS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})

# Snowball's English knows endings alone. These are the exceptions that a newspaper is full of.
IRREGULAR = {
    form: word
    for word, forms in {
        "man": "men",
        "woman": "women",
        "child": "children",
        "foot": "feet",
        "tooth": "teeth",
        "life": "lives",
        "wife": "wives",
        "say": "said",
        "go": "went gone",
        "win": "won",
        "run": "ran",
        "meet": "met",
        "tell": "told",
        "hold": "held",
        "lose": "lost",
        "sell": "sold",
        "buy": "bought",
        "pay": "paid",
        "bring": "brought",
        "build": "built",
        "speak": "spoke spoken",
        "write": "wrote written",
        "begin": "began begun",
        "rise": "rose risen",
        "fall": "fell fallen",
    }.items()
    for form in forms.split()
}
# Arabic makes many plurals inside the word, where no ending tells: those of a newspaper. In the
# one spelling that all words come in, without hamza on the alif.
BROKEN_PLURALS = {
    form: word
    for word, forms in {
        "مدرسة": "مدارس",
        "طالب": "طلاب طلبة",
        "كتاب": "كتب",
        "رجل": "رجال",
        "امراة": "نساء",
        "طفل": "اطفال",
        "شخص": "اشخاص",
        "وزير": "وزراء",
        "رئيس": "رؤساء",
        "سفير": "سفراء",
        "خبير": "خبراء",
        "زعيم": "زعماء",
        "عضو": "اعضاء",
        "عامل": "عمال",
        "قائد": "قادة",
        "جندي": "جنود",
        "دولة": "دول",
        "بلد": "بلاد بلدان",
        "مدينة": "مدن",
        "قرية": "قري",
        "شارع": "شوارع",
        "طريق": "طرق",
        "جسر": "جسور",
        "بيت": "بيوت",
        "منزل": "منازل",
        "ميناء": "موانئ",
        "سفينة": "سفن",
        "سوق": "اسواق",
        "سعر": "اسعار",
        "بنك": "بنوك",
        "مصنع": "مصانع",
        "مشروع": "مشاريع",
        "قانون": "قوانين",
        "حزب": "احزاب",
        "صوت": "اصوات",
        "حرب": "حروب",
        "خبر": "اخبار",
        "صحيفة": "صحف",
        "رسالة": "رسائل",
        "سبب": "اسباب",
        "يوم": "ايام",
        "شهر": "اشهر شهور",
        "عام": "اعوام",
    }.items()
    for form in forms.split()
}
FLEETING = re.compile("(?<=..)[ое]([кц])$")  # рынок, рынка
# The article with what is written on to it, and the endings: the “light10” of Larkey et al.
ARABIC_ARTICLE = re.compile("^[وف]?(ال|بال|كال|لل)(?=...)")
ARABIC_FIRST = re.compile("^([وفبلك]|س?ي)(?=...)")  # and, so, with, for, as, he (does)
ARABIC_ENDINGS = [re.compile(f"(?<=...){end}$") for end in "ها ان ات ون ين يه ية ه ة ي".split()]


def stemmed(word: str, language: str) -> set[str]:
    """The stems, without accents, of a word in lower case that stands in a text of this language.

    Its script goes before the language: a Russian name in a Spanish text is a Russian word.
    """
    if CYRILLIC.match(word):
        stem = snowball("russian", word)
        stems = {stem, FLEETING.sub(r"\1", stem)}
    elif ARABIC.match(word):
        stems = arabic(word)
    elif language == "es":
        # These differ where an accent makes the ending.
        stems = {spanish(spelling) for spelling in {word, bare(word)}}
    else:
        plain = bare(word)
        stems = {snowball("english", IRREGULAR.get(plain, plain))}
    return {bare(stem) for stem in stems} - {""}


def snowball(language: str, word: str) -> str:
    # A new one each time: it keeps the word in itself, and pages are made in several threads.
    return snowballstemmer.stemmer(language).stemWord(word)


def spanish(word: str) -> str:
    """Twice, because “ciudades” gives “ciudad”, and “ciudad” gives “ciud”."""
    once = snowball("spanish", re.sub("ion$", "ión", word))
    stem = re.sub("(?<=...)s$", "", snowball("spanish", once))  # años
    return re.sub("z$", "c", stem)  # luz, luces


def arabic(word: str) -> set[str]:
    """Without the article and endings; with and without a first letter that is a little word or
    the root's own; as one of those it is the plural of; and Snowball's stem, which knows verbs."""
    noun = ARABIC_ARTICLE.sub("", word)
    readings = {noun} if noun != word else {word, ARABIC_FIRST.sub("", word)}
    readings |= {BROKEN_PLURALS[reading] for reading in readings & BROKEN_PLURALS.keys()}
    return {without_endings(reading) for reading in readings} | {snowball("arabic", word)}


def without_endings(word: str) -> str:
    for ending in ARABIC_ENDINGS:
        word = ending.sub("", word)
    return word


def bare(word: str) -> str:
    """Of letters and digits alone, without any accents; and й as и."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.translate(NO_MARKS))
    return unicodedata.normalize("NFC", "".join(filter(str.isalnum, apart)))
