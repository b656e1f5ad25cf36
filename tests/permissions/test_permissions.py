"""Who may what: every address, asked by everybody, in every state, answers as the table says (A16).

`table.txt` is reviewed like code. Where it differs, the test fails once and writes down what it
found: look through the difference before you commit it.
"""

from copy import copy
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.comments.acting import OWN_PAGE
from tests.permissions.world import ROLES, World, patterns

TABLE = Path(__file__).with_name("table.txt")
LEGEND = f"""# Who may what. The columns are: {" ".join(ROLES)}.
#   . a page or a deed done   > sent on to another page   L sent to log in
#   - 403, not allowed   0 404 or 410, not found   5 405, wrong method
#   ! 400, 409 or 413, what was sent is wrong or missing   7 429
"""

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.POSTGRESQL, reason="Who may what does not depend on the database; it takes long."
    ),
]


def sign(response: HttpResponse) -> str:
    status = response.status_code
    if status in (301, 302, 303):
        where = response["Location"].split("?")[0]
        return "L" if where in ("/accounts/login/", "/admin/login/") else ">"
    return {403: "-", 404: "0", 410: "0", 405: "5", 429: "7"}.get(
        status, "." if status < 300 else "!" if status < 500 else "X"
    )


def asked(browser: Client, method: str, address: str) -> str:
    """What the answer is, and nothing of what it did."""
    with transaction.atomic():
        cookies = copy(browser.cookies)
        cache.clear()  # what allauth counts there
        response = browser.generic(method, address, headers=OWN_PAGE)
        browser.cookies = cookies
        transaction.set_rollback(True)
    return sign(response)  # type: ignore[arg-type]


def row(world: World, name: str, address: str) -> str:
    signs = (
        "".join(asked(world.browsers[role], method, address) for role in ROLES)
        for method in ("GET", "POST")
    )
    return f"{name:<48} {'  '.join(signs)}"


@pytest.mark.attack("A14", "A16")
def test_every_address_answers_everybody_as_the_table_says(world: World) -> None:
    found = [row(world, name, address) for name, address in sorted(world.addresses.items())]
    text = LEGEND + "\n".join(found) + "\n"
    said = TABLE.read_text()
    TABLE.write_text(text)
    assert [line for line in found if "X" in line.split(maxsplit=1)[1]] == []
    assert [line for line in found if line not in said.splitlines()] == []
    assert said == text
    assert {name for name, _route in patterns()} == {
        name.partition("@")[0] for name in world.addresses
    }


@pytest.mark.attack("A16", "A20")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "COMMENT"])
def test_no_address_knows_another_method(world: World, method: str) -> None:
    for name, address in world.addresses.items():
        assert asked(world.browsers["admin"], method, address) == "5", name
