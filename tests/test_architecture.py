"""Agreements that people forget, kept by reading the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from accounts.models import User
from accounts.participants import participants
from tests import messages

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "newsroom", "comments"]  # from the bottom up: nobody imports upward
MAY_NAME_EVERY_APP = {"newsroom/settings.py", "newsroom/urls.py", "newsroom/asgi.py"}
TRUSTS_MARKUP = "newsroom/markup.py"

Graph = dict[str, set[str]]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


CODE = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
}
MODULES = {name_of(ROOT / path) for path in CODE}
TESTS = {path: ast.parse(path.read_text()) for path in sorted((ROOT / "tests").rglob("*.py"))}
TEMPLATES = sorted(
    path
    for folder in ("templates", *(f"{app}/templates" for app in APPS))
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of what is imported: of `from a import b` it is a.b where that is a
    module of ours, and a where not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield node.lineno, inner if inner in MODULES else node.module or ""


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def attributes(tree: ast.AST) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def imported(path: str) -> set[str]:
    return {name for _line, name in imports(CODE[path])}


@pytest.mark.parametrize("path", sorted(CODE.keys() - MAY_NAME_EVERY_APP))
def test_an_app_names_none_above_it(path: str) -> None:
    """Neither by import nor by a dotted name in a string."""
    above = "|".join(APPS[APPS.index(path.partition("/")[0]) + 1 :]) or "nothing"
    by_import = [found for found in imports(CODE[path]) if re.match(rf"({above})(\.|$)", found[1])]
    by_string = [
        found for found in strings(CODE[path]) if re.fullmatch(rf"({above})(\.\w+)+", found[1])
    ]
    assert by_import + by_string == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name_of(ROOT / path): imported(path) & MODULES for path in CODE}
    assert [sorted(circle) for circle in circles(graph)] == []


def circles(graph: Graph) -> list[set[str]]:
    """The strongly connected components of more than one module (Tarjan)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[set[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        path.append(module)
        for other in graph[module]:
            if other not in order:
                visit(other)
            if other in path:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == order[module]:
            at = path.index(module)
            if len(path) - at > 1:
                found.append(set(path[at:]))
            del path[at:]

    for module in graph:
        if module not in order:
            visit(module)
    return found


def test_circles_are_found() -> None:
    graph: Graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"d", "a"}}
    assert circles(graph) == [{"a", "b", "c"}]


def test_no_function_hides_an_import() -> None:
    """AppConfig.ready() does it openly: before it no model may be imported."""
    hidden = {
        f"{path}:{line}"
        for path, tree in CODE.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and not (path.endswith("/apps.py") and function.name == "ready")
        for line, _name in imports(function)
    }
    assert hidden == set()


def test_one_file_trusts_markup() -> None:
    """Everything else passes on what that file made; an annotation is no trust."""
    trusting = {
        f"{path}: {ast.unparse(node)}"
        for path, tree in CODE.items()
        if path != TRUSTS_MARKUP
        for node in ast.walk(tree)
        if trusts(node)
    }
    assert trusting == set()


def trusts(node: ast.AST) -> bool:
    match node:
        case ast.alias(name="mark_safe") | ast.Name(id="mark_safe"):
            return True
        case ast.Attribute(attr="mark_safe") | ast.FunctionDef(name="__html__"):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in ("SafeString", "SafeText")
    return False


def test_no_template_trusts_markup() -> None:
    trusting = re.compile(r"\|\s*safe(seq)?\b|{%-?\s*autoescape\b")
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if trusting.search(line)
    ] == []


def test_every_environment_variable_is_documented() -> None:
    read = {
        node.args[0].value
        for node in ast.walk(CODE["newsroom/settings.py"])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "env"
        and isinstance(node.args[0], ast.Constant)
    }
    guide = (ROOT / "docs" / "operating.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", guide, re.MULTILINE)) == read


def test_what_a_person_has_here_is_exported_or_says_why_not() -> None:
    """Every table that points at people, ours or a library's, is somebody's to answer for."""
    of_a_person = {
        field.related_model
        for field in User._meta.get_fields()
        if (field.auto_created or field.is_relation) and not field.concrete
    }
    apps = list(participants())
    exported = {part.model for app in apps for part in app.PARTS}
    said_why = {model: why for app in apps for model, why in app.NOT_EXPORTED.items()}
    assert {model.__name__ for model in of_a_person - exported - said_why.keys()} == set()
    assert exported & said_why.keys() == set()
    assert all(why for why in said_why.values())


def test_translators_are_handed_what_the_code_says_now() -> None:
    """Who writes, changes or drops a sentence runs `make messages`, and commits `locale/` too."""
    now = words_of(messages.said())
    for language in messages.languages():
        there = words_of(messages.read(messages.place(language), language))
        assert there == now, "make messages, and commit locale/ too"


def words_of(catalog: Catalog) -> set[tuple[str | tuple[str, ...], str | None]]:
    return {(message.id, message.context) for message in messages.messages(catalog)}


def test_only_the_settings_read_the_environment() -> None:
    reading = {
        path
        for path, tree in CODE.items()
        if "environs" in imported(path) or attributes(tree) & {"os.environ", "os.getenv"}
    }
    passing_on = {"newsroom/backups.py"}  # to PostgreSQL's own programs
    assert reading - passing_on <= {"newsroom/settings.py", "newsroom/asgi.py", "newsroom/wsgi.py"}


def test_the_tests_stay_inside_this_tree() -> None:
    for path, tree in TESTS.items():
        assert "shared" not in {name.partition(".")[0] for _line, name in imports(tree)}, path
        assert "sys.path" not in attributes(tree), path


def attacks() -> dict[str, set[str]]:
    """The rows that a test says it proves, each with the tests that say so."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.attack":
                    for row in mark.args:
                        test = f"{path.relative_to(ROOT / 'tests')}::{function.name}"
                        found.setdefault(ast.literal_eval(row), set()).add(test)
    return found


def test_every_attack_has_its_test_and_the_table_names_it() -> None:
    """`docs/security.md` names for each row the tests that show it best."""
    proved = attacks()
    assert set(proved) == {f"A{number}" for number in range(1, 51)}
    table = (ROOT / "docs" / "security.md").read_text()
    rows = dict(re.findall(r"^\| (A\d+) \|(.*)$", table, re.MULTILINE))
    assert set(rows) == set(proved)
    for row, line in rows.items():
        named = set(re.findall(r"`([\w/]+\.py::\w+)`", line))
        assert named, row
        assert named <= proved[row], (row, named - proved[row])


@pytest.mark.attack("A43")
def test_nothing_asks_another_host() -> None:
    """No library that fetches is used, but allauth's where an operator gave it keys."""
    fetching = {"requests", "httpx", "aiohttp", "urllib.request", "urllib3", "http.client"}
    asking = {f"{path}: {name}" for path in CODE for name in imported(path) if name in fetching}
    assert asking == set()
