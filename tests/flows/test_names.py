"""What deployments are called, and that a house that knew them by other names goes on where it was."""

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import names, place, reread_parts
from flows.catching_up import missed, schedules_of

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def made(home):  # noqa: ARG001 - its configuration
    from flows.serve import deployments

    return {f"{one.flow_name}/{one.name}": one for one in deployments(place.settings())}


def test_each_name_is_there_once_and_tells_one_from_the_other(made):
    called = [name.partition("/")[2] for name in made]
    assert len(set(called)) == len(called)
    assert set(names.BEFORE.values()) <= set(made)
    assert not set(names.BEFORE) & set(made)
    assert all(one.description for one in made.values())


def asked_for(flows):
    """What is written in the program as a deployment's name: one of our flows, a stroke, words."""
    like = re.compile(rf"(?:{'|'.join(sorted(flows))})/[\w -]+")
    for file in sorted(path for folder in ("flows", "cuttings") for path in (place.HOME / folder).rglob("*.py")):
        if file == Path(names.__file__):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and like.fullmatch(node.value):
                yield node.value


def test_every_deployment_that_is_asked_for_is_served(made):
    assert reread_parts.DEPLOYMENT in made
    called = {value for name, value in vars(names).items() if name.isupper() and isinstance(value, str)}
    assert called <= {name.partition("/")[2] for name in made}
    assert set(asked_for({name.partition("/")[0] for name in made})) <= set(made)


def test_every_deployment_that_the_readme_asks_for_is_served(made):
    read_me = (place.HOME / "README.md").read_text(encoding="utf-8")
    flows = "|".join(sorted({name.partition("/")[0] for name in made}))
    asked = set(re.findall(rf'"((?:{flows})/[\w -]+)"|deployment run ((?:{flows})/[\w-]+)', read_me))
    assert {quoted or bare for quoted, bare in asked} <= set(made)
    assert asked


def test_no_source_and_no_edition_can_be_called_as_one_of_ours(home, site):  # noqa: ARG001
    from pydantic import TypeAdapter, ValidationError

    from cuttings.settings import Id

    for name in names.BEFORE.values():
        with pytest.raises(ValidationError):
            TypeAdapter(Id).validate_python(name.partition("/")[2])


def test_marks_under_the_former_names_go_on(made):
    yesterday = NOW - timedelta(days=1)
    kept = {"collect/scheduled": yesterday, "publish/managers": NOW}
    served = names.brought_over(kept)
    assert served == {"collect/read every source": yesterday, "publish/managers": NOW}
    assert missed(schedules_of(made.values()), served, (), NOW) == ("collect/read every source",)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_marks_the_later_counts(order):
    both = {"deliver/scheduled": NOW, "deliver/send what waits": NOW + timedelta(hours=order)}
    assert names.brought_over(both) == {"deliver/send what waits": max(both.values())}
    assert names.brought_over(dict(reversed(both.items()))) == {"deliver/send what waits": max(both.values())}
