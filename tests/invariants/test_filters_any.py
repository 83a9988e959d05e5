"""Whatever stands on a line: a filter answers it, in order, and a fault of the question is an answer."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout
from functools import cache
from types import SimpleNamespace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.commands import plumbing

GOOD = {
    "judge": {
        "article": {"title": "T"}, "comments": [{"n": 1, "author": "Jo", "text": "Good.", "posted": "2026-10-02"}],
    },
    "label": {"title": "Direct payments", "text": "A personal budget is yours."},
    "stories": {"id": "a", "title": "Day centre", "text": "It is open again."},
    "quote": {"text": "The day centre is open again after a year.", "sentences": 1},
    "read": {"paths": ["/nowhere/at-all.html"]},
}  # fmt: skip
# What a fault of ours would be called: a question may be wrong in its own words only.
OURS = {"TypeError", "AttributeError", "KeyError", "IndexError", "AssertionError", "UnboundLocalError", "NameError"}
MATCHER = cache(plumbing._matcher)  # a second of CPU, else for each example
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)


def keys(tree):
    for key, value in tree.items() if isinstance(tree, dict) else ():
        yield (key,)
        for inner in keys(value[0] if isinstance(value, list) and value else value):
            yield (key, *inner)


def put(tree, path, value):
    """The tree with something else at one place."""
    if isinstance(tree, list):
        return [put(tree[0], path, value), *tree[1:]]
    key, *below = path
    return {**tree, key: put(tree[key], below, value) if below else value}


@st.composite
def lines(draw, command):
    kind = draw(st.sampled_from(("bytes", "json", "changed", "good", "empty")))
    if kind == "bytes":
        return draw(st.binary(max_size=40)).replace(b"\n", b" ")
    if kind == "json":
        return json.dumps(draw(TREES)).encode()
    if kind == "changed":
        return json.dumps(put(GOOD[command], draw(st.sampled_from(sorted(keys(GOOD[command])))), draw(TREES))).encode()
    return json.dumps(GOOD[command]).encode() if kind == "good" else draw(st.sampled_from((b"", b" \t", b"\r")))


def answers(command, data):
    out = io.StringIO()
    stdin = SimpleNamespace(buffer=io.BytesIO(data))
    with (
        mock.patch.object(sys, "stdin", stdin),
        mock.patch.object(plumbing, "_matcher", MATCHER),
        redirect_stdout(out),
    ):
        getattr(plumbing, command)(jsonl=True)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("command", sorted(GOOD))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_answer_for_each_line_in_order(command, data):
    given_ = data.draw(st.lists(lines(command), max_size=4))
    # A question that can be told from others, between the odd ones.
    marked = {**GOOD[command], "id": "mine"} if command == "stories" else GOOD[command]
    found = answers(command, b"\n".join([*given_, json.dumps(marked).encode()]) + b"\n")
    assert len(found) == sum(bool(line.strip()) for line in given_) + 1
    for answer in found:
        assert isinstance(answer, dict)
        if "error" in answer:
            assert answer["error"]["kind"] not in OURS, answer
            assert answer["error"]["detail"].strip()
    if command == "stories":
        assert found[-1]["id"] == "mine"
    elif command != "read":
        assert found[-1] == answers(command, json.dumps(marked).encode())[0]
