"""The rules that hold for the whole house: values that nobody changes, an engine that reads nothing by itself."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cuttings.model
from cuttings.settings import load

HOME = Path(__file__).resolve().parents[2]
CORE = sorted(p for p in (HOME / "cuttings").rglob("*.py") if "edges" not in p.relative_to(HOME).parts)
# What these read is the house's own: its configuration, templates, fonts, lists of words, and its own source.
MAY_READ = {
    "settings_files.py": "the configuration", "render/view.py": "templates", "render/fonts.py": "fonts",
    "render/shelf.py": "a stylesheet", "spam/lexicon.py": "lists of words", "spam/version.py": "the rules' own source",
}  # fmt: skip
READING = {
    "read_text",
    "read_bytes",
    "open",
    "iterdir",
    "glob",
    "rglob",
    "getenv",
    "environ",
    "write_text",
    "write_bytes",
}
MODELS = [one for one in vars(cuttings.model).values() if isinstance(one, type) and dataclasses.is_dataclass(one)]


def test_there_are_values_to_look_at():
    assert len(MODELS) > 30


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_a_value_is_frozen_and_slotted(kind):
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(HOME)))
def test_the_engine_reads_no_file_and_no_environment(path):
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    used = {n.attr for n in tree if isinstance(n, ast.Attribute)} & READING
    assert not used or path.relative_to(HOME / "cuttings").as_posix() in MAY_READ, f"{path} uses {sorted(used)}"


# ---------------------------------------------------------------- the deployer's word over ours, by id

SOURCE = st.fixed_dictionaries(
    {}, optional={"name": st.sampled_from(("Moor", "Dale")), "weight": st.sampled_from((0.5, 2.0))}
)
FILES = st.lists(st.dictionaries(st.sampled_from(("a", "b", "c")), SOURCE, max_size=3), min_size=1, max_size=3)


def toml(blocks):
    lines = []
    for key, values in blocks.items():
        lines += ["[[source]]", f'id = "{key}"']
        lines += [
            f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}" for name, value in values.items()
        ]
    return "\n".join(lines) + "\n"


@settings(max_examples=25, deadline=None)
@given(layers=FILES)
def test_of_each_key_the_last_word_counts_and_the_rest_stays(layers, tmp_path_factory):
    base = {key: {"name": f"Ours {key}", "url": f"https://{key}.example/feed"} for key in ("a", "b", "c")}
    folders, meant = [], {key: dict(values) for key, values in base.items()}
    for layer in (base, *layers):
        folders.append(tmp_path_factory.mktemp("layer"))
        (folders[-1] / "sources.toml").write_text(toml(layer), encoding="utf-8")
        for key, values in layer.items():
            meant[key] |= values
    found = {source.id: source for source in load(folders).sources}
    assert set(found) == set(meant)
    for key, values in meant.items():
        assert {name: getattr(found[key], name) for name in values} == values
