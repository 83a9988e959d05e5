"""Who may import whom: flows -> parsers -> cuttings, and nothing back. Read off the syntax trees."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
MODULES = sorted(p for room in ("cuttings", "parsers", "flows") for p in (HOME / room).rglob("*.py"))

# What a room may never import, and why.
FORBIDDEN = {
    "cuttings": ("parsers", "flows", "prefect", "tests"),
    "parsers": ("flows", "prefect", "cuttings.edges", "requests", "sqlalchemy", "tests"),
}
# The pure core: no network, no database, no clock of its own.
IMPURE = ("requests", "urllib.request", "socket", "sqlalchemy", "smtplib", "subprocess", "cuttings.edges")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, rooms):
    return any(name == room or name.startswith(room + ".") for room in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOME)))
def test_imports_run_one_way(path):
    room = path.relative_to(HOME).parts[0]
    wrong = [name for name in imports(path) if within(name, FORBIDDEN.get(room, ()))]
    assert not wrong, f"{path.relative_to(HOME)} may not import {wrong}"


CORE = [p for p in MODULES if p.relative_to(HOME).parts[0] == "cuttings" and "edges" not in p.parts]


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(HOME)))
def test_the_core_is_pure(path):
    wrong = [name for name in imports(path) if within(name, IMPURE)]
    assert not wrong, f"{path.relative_to(HOME)} is part of the pure core and may not import {wrong}"


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(HOME)))
def test_the_core_reads_no_clock(path):
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    clocks = {"datetime.now", "datetime.utcnow", "date.today", "datetime.datetime.now", "time.time"}
    assert not calls & clocks, f"{path.relative_to(HOME)} reads the clock: `now` is an argument"


def test_the_flows_package_does_nothing_by_itself():
    assert (HOME / "flows" / "__init__.py").read_text() == ""


@pytest.mark.parametrize("command", ["read", "judge", "label", "stories", "quote"])
def test_a_plumbing_command_imports_neither_prefect_nor_the_network(command):
    program = (
        "import sys\n"
        "from flows.commands.main import main\n"
        f"sys.argv = ['cuttings', '{command}', '--jsonl']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'prefect', 'fastapi', 'sqlalchemy', 'weasyprint'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input="", text=True, capture_output=True, check=True, cwd=HOME
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"
