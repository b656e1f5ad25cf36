"""What a page says that nobody translated, where all that is translated stands between brackets.

Words of people are no fault where the page marks them as such: by another language than its own,
by `dir="auto"`, by <bdi>, or as what stands in a field. A name may stand anywhere, whole.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

OF_NO_READER = {"script", "style", "kbd", "code", "svg"}
OF_PEOPLE = {"bdi", "textarea"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
READ_OUT = ["alt", "aria-label", "placeholder", "title", "aria-description"]
SENTENCE = re.compile(r"[\w⟦][^{}/]* ")  # and no address, nor a table of settings
WORD = re.compile(r"[^\W\d_]{2,}")
BETWEEN = re.compile(r"\n| – | · | \| |[›→:()“”]")


class Listening(HTMLParser):
    """`names` are what may stand anywhere."""

    def __init__(self, names: Iterable[str], language: str) -> None:
        super().__init__()
        self.names, self.language = set(names), language
        self.path: list[tuple[str, bool]] = []  # the open elements, and whose words each holds
        self.depth = 0  # of brackets
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        of_people = (
            said.get("lang", self.language) != self.language
            or said.get("dir") == "auto"
            or "readonly" in said.get("class", "")  # the admin's mark of what stands in a row
            or tag in OF_PEOPLE | OF_NO_READER
        )
        if tag not in VOID:
            self.path.append((tag, of_people))
        names = [name for name in said if name.startswith("data-") and SENTENCE.match(said[name])]
        if tag == "input" and said.get("type") in ("submit", "button", "reset"):
            names.append("value")
        if tag == "meta" and said.get("name") == "description":
            names.append("content")
        for name in [] if of_people else READ_OUT + names:
            self.overhear(outside(said.get(name, "")), f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = ""
        for piece in re.split("([⟦⟧])", data):
            if piece in ("⟦", "⟧"):
                self.depth += 1 if piece == "⟦" else -1
                text += "\n"
            elif not self.depth:
                text += piece
        if not any(of_people for _tag, of_people in self.path):
            self.overhear(text, self.path[-1][0] if self.path else "")

    def overhear(self, text: str, where: str) -> None:
        if plain(text) in self.names:
            return
        for piece in BETWEEN.split(text):
            if WORD.search(piece) and plain(piece) not in self.names:
                self.found.append(f"{where}: {plain(piece)}")


def outside(text: str) -> str:
    """What of it stands in no brackets."""
    while "⟦" in text:
        text, changed = re.subn("⟦[^⟦⟧]*⟧", "\n", text)
        if not changed:
            break
    return text


def plain(text: str) -> str:
    """Without the marks around it."""
    return re.sub(r"^[\W\d_]+|[\W_]+$", "", " ".join(text.split()))
