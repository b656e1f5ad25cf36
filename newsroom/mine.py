"""What of a page is one person's, put into the page that is everybody's.

Templates mark it: `<!--mine person-->…<!--/mine-->`, with a number where there are several of a
kind. What people write holds no such mark, since no comment of HTML survives the sanitiser.
"""

import re
from typing import Any

from django.template.loader import render_to_string

from accounts.http import HttpRequest

PART = re.compile(r"<!--mine (?P<name>[a-z]+(?: \d+)?)-->(?P<html>.*?)<!--/mine-->", re.DOTALL)


def parts(html: str) -> dict[str, str]:
    return {part["name"]: part["html"] for part in PART.finditer(html)}


def personal(page: str, request: HttpRequest, template: str, **context: Any) -> str:
    """The page with each of its parts as `template` makes it for this person, from what is there
    for everybody (`kept`). A part that it does not make stays."""
    made = render_to_string(template, context | {"kept": parts(page)}, request)
    theirs = {part["name"]: part[0] for part in PART.finditer(made)}
    return PART.sub(lambda part: theirs.get(part["name"], part[0]), page)
