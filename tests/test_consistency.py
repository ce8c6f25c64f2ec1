"""The house's conventions, as tests: each fails with the name of what breaks it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from labels.emails import SILENT
from labels.models import Action, State
from labels.workflow import MOVES

pytestmark = pytest.mark.pure

ROOT = Path(settings.BASE_DIR)
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
LONGEST_MODULE = 300
# Tests and benchmarks stand outside: nothing of the portal imports them.
APPS = sorted(
    path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"tests", "benchmarks"}
)
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))
PAGES = [name for name in TEMPLATES if not re.search(r"/emails?/|components/email", name)]
MODULES = [
    path.relative_to(ROOT).as_posix()
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and path.name != "settings.py"
]


# Packages and layers --------------------------------------------------------------------------------------------------


def test_the_import_contract_names_every_top_level_package() -> None:
    linter = PROJECT["tool"]["importlinter"]
    (contract,) = [contract for contract in linter["contracts"] if contract["id"] == "apps"]

    layered = {name.strip() for layer in contract["layers"] for name in layer.split("|")}

    assert layered == set(linter["root_packages"]) == set(APPS)


def test_every_app_is_installed() -> None:
    assert set(APPS) <= set(settings.INSTALLED_APPS)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_enough_to_be_read(name: str) -> None:
    assert len((ROOT / name).read_text().splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("name", [name for name in MODULES if "/views" in name])
def test_a_view_never_filters_by_state(name: str) -> None:
    assert re.findall(r"(?:filter|exclude|get)\([^)]*\bstate(?:__\w+)?=", (ROOT / name).read_text()) == []


def test_decisions_are_numbered_one_by_one_under_their_titles() -> None:
    paths = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [path.name[:4] for path in paths] == [f"{rank:04d}" for rank in range(1, len(paths) + 1)]
    assert [path.read_text().split(".")[0] for path in paths] == [f"# {rank}" for rank in range(1, len(paths) + 1)]


# The lock files -------------------------------------------------------------------------------------------------------


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.MULTILINE))


def unmet(requirements: list[str], versions: dict[str, str]) -> list[str]:
    parsed = map(Requirement, requirements)
    return [str(r) for r in parsed if not r.specifier.contains(versions.get(canonicalize_name(r.name), "0"))]


def test_the_lock_files_hold_what_the_project_asks_for() -> None:
    wanted: list[str] = PROJECT["project"]["dependencies"]
    development: list[str] = PROJECT["project"]["optional-dependencies"]["dev"]
    missing = {canonicalize_name(Requirement(r).name) for r in wanted} - locked("production").keys()
    missing |= {canonicalize_name(Requirement(r).name) for r in wanted + development} - locked("development").keys()

    assert missing == set()
    assert unmet(wanted, locked("production")) == []
    assert unmet(wanted + development, locked("development")) == []


def test_development_runs_what_production_runs() -> None:
    assert locked("production").items() <= locked("development").items()


@pytest.mark.parametrize("name", ["production", "development"])
def test_a_lock_file_holds_hashes_and_names_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    lines = text.replace("\\\n", "").splitlines()

    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==\S+( +--hash=sha256:[0-9a-f]{64})+ *", line)] == []


# The log --------------------------------------------------------------------------------------------------------------

# Attributes that name a person, or hold what one wrote; a mask is the second door, not the first.
_OF_PEOPLE = {
    *("email", "contact_name", "contact_phone", "registration_email", "registration_phone", "by_name", "username"),
    *("to", "subject", "text", "html", "note", "last_error", "ip_address", "META", "POST", "GET", "body", "headers"),
    *("get_full_path", "cleaned_data", "session"),
}


@pytest.mark.parametrize("name", MODULES)
def test_nothing_of_people_is_handed_to_the_log(name: str) -> None:
    calls = [node for node in ast.walk(ast.parse((ROOT / name).read_text())) if isinstance(node, ast.Call)]
    logged = [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).endswith(("logger", "logging", "log"))
    ]
    handed = {node.attr for call in logged for node in ast.walk(call) if isinstance(node, ast.Attribute)}

    assert handed & _OF_PEOPLE == set()


# The workflow ---------------------------------------------------------------------------------------------------------


def test_every_action_has_its_line_in_the_table() -> None:
    assert MOVES.keys() == set(Action)


def test_every_state_but_the_first_is_reached_by_a_move() -> None:
    assert {move.target for move in MOVES.values() if move.target} == set(State) - {State.DRAFT}


@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
@pytest.mark.parametrize("action", sorted(set(Action) - SILENT))
def test_every_action_that_is_told_has_its_mail(action: Action, part: str) -> None:
    get_template(f"labels/emails/{action}_{part}")  # raises when it is not there


# Pages ----------------------------------------------------------------------------------------------------------------


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, entry.namespace or namespace)
        elif namespace in APPS:
            yield namespace, entry


VIEWS = [(namespace, entry) for namespace, entry in patterns(get_resolver())]


@pytest.mark.parametrize(("namespace", "pattern"), VIEWS, ids=[f"{n}:{p.name}" for n, p in VIEWS])
def test_a_view_and_its_address_share_one_name(namespace: str, pattern: URLPattern) -> None:
    view = pattern.callback
    if hasattr(view, "view_class") or not view.__module__.startswith(f"{namespace}."):
        return
    assert view.__name__ == pattern.name


def source(name: str) -> str:
    """A template without its comments, and without the one script that the policy allows (semaine/theme.py)."""
    text = (ROOT / "templates" / name).read_text().replace("<script>{{ THEME_SCRIPT }}</script>", "")
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", "", text, flags=re.DOTALL)


def prose(name: str) -> str:
    """What a template says itself: no tag, no attribute, no variable."""
    text = re.sub(r"\{[{%].*?[%}]\}", "§", source(name), flags=re.DOTALL)
    return re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_that_the_content_security_policy_forbids(name: str) -> None:
    inline = r"<style\b|<script(?![^>]*(?:\bsrc=|type=\"application/(?:ld\+)?json\"))|\bstyle=|\son[a-z]+=|javascript:"

    assert re.findall(inline, source(name)) == []


def misset(text: str) -> list[str]:
    """Straight apostrophes, and plain spaces before double punctuation or inside guillemets, with what is around."""
    return re.findall(r"[^\W\d]'[^\W\d].{,20}|.{,20}\w [:;!?»]|« .{,20}", re.sub(r"https?:\S+", "", text))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_sets_french_as_french_is_set(name: str) -> None:
    assert misset(prose(name)) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_sets_french_as_french_is_set(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text())
    says = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    docstrings = set(map(_docstring, ast.walk(tree)))

    assert [fault for text in says if text not in docstrings for fault in misset(text)] == []


def _docstring(node: ast.AST) -> str | None:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        return ast.get_docstring(node, clean=False)
    return None


# Faults ---------------------------------------------------------------------------------------------------------------


def marked_as_faults() -> Iterator[str]:
    """Their addresses, by what stands above them or at the head of their module."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        whole = [
            ast.unparse(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign)
            if _names(node) == "pytestmark"
        ]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                above = [*whole, *(ast.unparse(decorator) for decorator in node.decorator_list)]
                if any("mark.fault" in text for text in above):
                    yield f"{path.relative_to(ROOT).as_posix()}::{node.name}"


def _names(node: ast.Assign) -> str:
    return ast.unparse(node.targets[0])


def test_the_table_of_faults_names_every_test_that_is_marked_and_no_other() -> None:
    told = re.findall(r"`(tests/\S+::\w+)`", (ROOT / "docs" / "reliability.md").read_text())

    assert sorted(told) == sorted(marked_as_faults())
