"""The catalogues of translations, made from the code: `make messages` runs this as a program.

What is said anew gets an empty place in each `locale/<language>/LC_MESSAGES/django.po`, what is
said no more goes, and every translation stays; the `.mo` beside it is what the site reads. A
language that has none yet is named: `make messages ARGS=de`.
"""

import ast
import io
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
BORROWED = LOCALE / "borrowed.pot"  # what libraries say on our pages and translate not everywhere
NOTES = LOCALE / "notes.pot"  # what a translator is to know of words that could mean two things

CALLS: dict[str, Any] = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
CALLS |= {"npgettext": ((1, "c"), 2, 3)}
CALLS |= {f"{call}_lazy": arguments for call, arguments in CALLS.items()}
CALLS |= {"_": None, "gettext_noop": None}

# Where Django's own catalogue counts in another order than Babel, the translators know Django's.
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 && n%100<=99 ? 4 : 5;"
}
NO_DATE = datetime(2026, 1, 1)  # the same words make the same files
HEADER = """\
# Newsroom in {name}. `make messages` writes this file anew, and keeps what is translated.
# locale/README.md says how to translate, and what the words of the trade mean here.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def languages() -> list[str]:
    """All that have a catalogue, complete or not."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def place(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str | None = None) -> Catalog:
    if not path.exists():
        return Catalog(language)
    with path.open("rb") as file:
        return read_po(file, language, abort_invalid=True)


def messages(catalog: Catalog) -> list[Message]:
    """Without the one that holds the file's header."""
    return [message for message in catalog if message.id]


def said() -> Catalog:
    """Every string that our pages say, with the files that say it and the notes about it."""
    found = Catalog()
    for path, source in sources():
        where = [(str(path.relative_to(ROOT)), 1)]
        text = io.BytesIO(source.encode())
        for _line, words, _comments, context in extract("python", text, CALLS):
            found.add(words, locations=where, context=context)
    for message in messages(read(BORROWED)):
        found.add(message.id, locations=message.locations, context=message.context)
    for note in messages(read(NOTES)):
        about = found.get(note.id, note.context)
        if about is None:
            sys.exit(f"{NOTES.relative_to(ROOT)} explains what nobody says: {note.id!r}")
        about.auto_comments = note.user_comments
    return found


def sources() -> Iterator[tuple[Path, str]]:
    """The calls that Python makes, and templates as Python that says the same."""
    for app in ("accounts", "newsroom", "comments"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, "\n".join(calls(path.read_text()))
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            lines = templatize(path.read_text(), origin=str(path)).splitlines()
            yield path, "\n".join(line.strip() for line in lines)


def calls(source: str) -> list[str]:
    """Those in f-strings too, which Babel does not look into before Python 3.12."""
    found = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in CALLS
    ]
    return [ast.unparse(node) for node in sorted(found, key=lambda node: node.lineno)]


def refresh(language: str, found: Catalog) -> None:
    path = place(language)
    catalog = read(path, language)
    if language in PLURALS:
        catalog.mime_headers = [("Plural-Forms", PLURALS[language])]
    catalog.update(found)
    catalog.creation_date = catalog.revision_date = NO_DATE
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        names = Locale.parse(language)
        header = HEADER.format(name=names.english_name, code=language, plurals=catalog.plural_forms)
        file.write(header.encode())
        write_po(file, catalog, 98, omit_header=True, sort_by_file=True, include_lineno=False)
    missing = [message for message in messages(catalog) if not is_translated(message)]
    for message in missing:
        catalog.delete(message.id, message.context)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    print(f"{path.relative_to(ROOT)}: {len(catalog)} translated, {len(missing)} missing or fuzzy")


def is_translated(message: Message) -> bool:
    return all(strings(message)) and not message.fuzzy


def strings(message: Message) -> list[str]:
    """The translation, or all its plural forms."""
    found = message.string or ""
    return [found] if isinstance(found, str) else list(found)


if __name__ == "__main__":
    everything = said()
    for language in sorted({*languages(), *sys.argv[1:]}):
        refresh(language, everything)
