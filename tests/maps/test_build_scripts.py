"""The scripts of maps, each linked from the modules that it imports."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from maps.management.commands import build_scripts

ROAD = 'export const road = ["road"];'
CAR = """
import { road } from "./road.js";
const name = "car";
export function drive() {
  return [...road, name];
}
"""
BELL = 'import "./road.js";'
TOWN = """
import { drive } from "./car.js";
import { road } from "./road.js";
import "./bell.js";
const name = drive(road);
"""
LINKED = """/* Written by manage.py build_scripts: town.js and what it imports. */
(() => {
"use strict";
const modules = {};

modules["road.js"] = (() => {
const road = ["road"];
return { road };
})();

modules["car.js"] = (() => {
const { road } = modules["road.js"];
const name = "car";
function drive() {
  return [...road, name];
}
return { drive };
})();

modules["bell.js"] = (() => {
})();

modules["town.js"] = (() => {
const { drive } = modules["car.js"];
const { road } = modules["road.js"];
const name = drive(road);
})();
})();
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    for name, text in {"road": ROAD, "car": CAR, "bell": BELL, "town": TOWN}.items():
        (tmp_path / f"{name}.js").write_text(f"{text.strip()}\n")
    return tmp_path / "town.js"


@pytest.mark.pure
@pytest.mark.parametrize("entry", build_scripts.ENTRIES)
def test_the_linked_scripts_are_those_that_the_modules_make(entry: str) -> None:
    is_up_to_date = build_scripts.target(entry).read_text() == build_scripts.linked(build_scripts.SOURCES / entry)

    assert is_up_to_date, "run manage.py build_scripts"


@pytest.mark.pure
def test_each_module_runs_once_after_what_it_imports_and_keeps_its_names(town: Path) -> None:
    assert build_scripts.linked(town) == LINKED


@pytest.mark.pure
@pytest.mark.parametrize(
    "line",
    [
        'import road from "./road.js";',
        'import * as road from "./road.js";',
        'import { road as way } from "./road.js";',
        'import { road } from "../road.js";',
        'export { road } from "./road.js";',
        "export default 1;",
        "export let road;",
        'const road = await fetch("/");',
        'let road = await fetch("/");',
        'const here = 1;\nimport { road } from "./road.js";',
        'import { street } from "./road.js";',
        "export const here = 1, there = 2;",
        "const modules = 1;",
        "await start();",
        'const later = () => import("./road.js");',
        "const here = import.meta.url;",
    ],
)
def test_a_module_written_otherwise_is_refused_not_spoiled(town: Path, line: str) -> None:
    town.write_text(f"{line}\n")

    with pytest.raises(CommandError, match=r"town\.js"):
        build_scripts.linked(town)


@pytest.mark.pure
def test_modules_that_import_each_other_are_refused(town: Path) -> None:
    (town.parent / "road.js").write_text('import "./town.js";\n')

    with pytest.raises(CommandError, match=r"town\.js s’importe lui-même"):
        build_scripts.linked(town)
