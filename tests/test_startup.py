"""What a command does not need is not loaded for it: half a second each time for somebody who waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import parsers
from flows import families

HOME = Path(__file__).resolve().parents[1]
HEAVY = {
    "alembic", "bs4", "jinja2", "lxml", "numpy", "prefect", "pydantic", "pymupdf", "requests", "scipy", "sklearn",
    "sqlalchemy", "trafilatura", "weasyprint",
}  # fmt: skip
# Typer reads a command's options with pydantic; what is kept is SQLAlchemy's; stories are compared with numpy.
NEEDS = {
    ("--help",): set(),
    ("read", "--help"): {"pydantic"},
    ("read", "--jsonl"): {"pydantic"},
    ("judge", "--jsonl"): {"pydantic"},
    ("label", "--jsonl"): {"pydantic"},
    ("quote", "--jsonl"): {"pydantic"},
    ("stories", "--jsonl"): {"pydantic", "numpy"},
    ("issues",): {"pydantic", "sqlalchemy"},
    ("recipients", "list"): {"pydantic", "sqlalchemy"},
    ("outbox", "list"): {"pydantic", "sqlalchemy"},
    ("quarantine", "list"): {"pydantic", "sqlalchemy"},
    ("stats",): {"pydantic", "sqlalchemy"},
    ("usage",): {"pydantic", "sqlalchemy"},
    ("person", "Jo Brack"): {"pydantic", "sqlalchemy"},
    ("review",): {"pydantic", "sqlalchemy"},
    ("themes", "list"): {"pydantic", "sqlalchemy"},
    ("rulings", "export", "rulings.csv"): {"pydantic", "sqlalchemy"},
    ("source", "list"): {"pydantic", "sqlalchemy"},
    ("governance",): {"pydantic", "sqlalchemy", "jinja2"},
}
RUN = """
import json, sys
from flows.commands.main import main
try:
    main()
except SystemExit as end:
    code = end.code or 0
else:
    code = 0
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


# Every command of every group, one after the other: what one of them has loaded is not loaded for the next.
HELP = """
import contextlib, io, json, sys
import typer.main
from flows.commands.main import app, main

def paths(command, path):
    below = getattr(command, "commands", None)
    if not below:
        yield path
    for name, one in (below or {}).items():
        yield from paths(one, (*path, name))

def tops():
    return {name.split(".")[0] for name in sys.modules}

found = {}
for path in paths(typer.main.get_command(app), ()):
    if path == ("prefect",):  # hands its words on to Prefect's own command line
        continue
    before, sys.argv = tops(), ["cuttings", *path, "--help"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main()
    found[" ".join(path)] = sorted(tops() - before)
print(json.dumps([0, found]), file=sys.stderr)
"""


def loaded(arguments, folder, code=RUN):
    given = [str(folder / one) if one.endswith(".csv") else one for one in arguments]
    run = subprocess.run(
        [sys.executable, "-c", code, *given],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=HOME,
        env={**os.environ, "CUTTINGS_OUTPUT": str(folder)},
        check=False,
    )
    assert run.stderr.strip(), run.stdout
    status, modules = json.loads(run.stderr.splitlines()[-1])
    assert status == 0, run.stderr
    return modules if isinstance(modules, dict) else set(modules)


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """With a store in it: making one works through every migration, whatever these need."""
    folder = tmp_path_factory.mktemp("output")
    loaded(("issues",), folder)
    return folder


def test_the_names_of_the_families_are_known_without_the_parsers():
    assert parsers.family_names() == families.NAMES


@pytest.mark.parametrize("arguments", NEEDS, ids=" ".join)
def test_a_command_loads_only_what_it_needs(arguments, output):
    modules = loaded(arguments, output)
    assert ({name.split(".")[0] for name in modules} & HEAVY) - NEEDS[arguments] == set()
    assert not {"parsers", "sqlalchemy.dialects.postgresql"} & modules or arguments[0] == "read"


def test_help_reads_no_configuration_and_makes_no_file(tmp_path):
    assert not {"cuttings.model", "cuttings.settings", "flows.place", "zoneinfo"} & loaded(("--help",), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_command_would_work_with_is_not_loaded_to_explain_it(tmp_path):
    found = loaded((), tmp_path, HELP)
    assert {"serve", "deliver", "approve", "themes check", "recipients add", "outbox resolve", "read"} <= set(found)
    assert {name: set(modules) & HEAVY for name, modules in found.items() if set(modules) & HEAVY - {"pydantic"}} == {}
    assert list(tmp_path.iterdir()) == []
