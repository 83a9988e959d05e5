"""The tests that INVARIANTS.md names are there, and those it calls property tests are."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
NAMED = re.findall(r"(\* )?([\w/]+\.py)::(\w+)", (TESTS / "INVARIANTS.md").read_text(encoding="utf-8"))


def test_there_is_a_table():
    assert len(NAMED) > 40
    assert sum(bool(property_) for property_, _, _ in NAMED) > 30


@pytest.mark.parametrize(("property_", "path", "name"), NAMED, ids=lambda value: str(value).strip() or "example")
def test_the_test_is_there(property_, path, name):
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    generated = any(ast.unparse(decorator).startswith("given(") for decorator in found.decorator_list)
    assert generated == bool(property_), f"{path}::{name} is{'' if generated else ' no'} property test"
