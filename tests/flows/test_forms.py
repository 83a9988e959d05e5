from types import SimpleNamespace

from flows import forms


def form(flow, required=(), parameters=None, **properties):
    schema = SimpleNamespace(properties=properties, required=list(required))
    return SimpleNamespace(flow_name=flow, parameters=parameters, _parameter_openapi_schema=schema)


def fields(deployment):
    return deployment._parameter_openapi_schema.properties


def test_a_field_that_may_be_empty_can_be_typed_in_at_once():
    either = {
        "anyOf": [{"type": "string"}, {"type": "null"}],
        "default": None,
        "title": "reason",
        "description": "a\n b",
    }
    shown = fields(forms.in_words(form("decide", reason=either)))["reason"]
    assert (shown["type"], shown["title"], "default" in shown) == ("string", "Reason", False)
    assert fields(forms.in_words(form("other", reason=either)))["reason"]["description"] == "a b"


def test_what_is_filled_in_already_may_be_left_empty():
    asked = form("decide", ("issue", "decision"), {"issue": ""}, issue={"type": "string"}, decision={"type": "string"})
    assert forms.in_words(asked)._parameter_openapi_schema.required == ["decision"]


def test_sources_are_chosen_from_a_list():
    many = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}], "default": None}
    shown = fields(forms.in_words(form("collect", sources=many), ["moor", "dale"]))["sources"]
    assert (shown["type"], shown["items"]) == ("array", {"type": "string", "enum": ["moor", "dale"]})


def test_the_form_is_in_the_order_of_its_words():
    asked = form("decide", headline={"position": 0}, proof={"position": 1}, issue={"position": 2}, own={"position": 3})
    shown = fields(forms.in_words(asked))
    assert list(shown) == sorted(shown, key=lambda n: shown[n]["position"]) == ["issue", "proof", "headline", "own"]


def test_every_parameter_of_every_form_has_words():
    import inspect

    from flows import collect, decide, people, publish, reread

    flows = {"publish": publish.publish, "decide": decide.decide, "correct": publish.correct,
             "collect": collect.collect, "reread": reread.reread, "retention": people.retention}  # fmt: skip
    assert {name: set(inspect.signature(flow.fn).parameters) for name, flow in flows.items()} == {
        name: set(words) for name, words in forms.WORDS.items()
    }
    for name, most in decide.LONGEST.items():
        assert f"{most} words" in forms.WORDS["decide"][name][1]


def test_a_list_of_choices_and_a_switch_keep_what_they_are():
    held = form("publish", period={"type": "string", "default": None}, dry_run={"type": "boolean", "default": False})
    shown = fields(forms.in_words(forms.with_choices(held, {"period": ["the last whole one"]})))
    assert shown["period"]["enum"] == ["the last whole one"]
    assert shown["period"]["title"] == "Period"
    assert shown["dry_run"]["default"] is False


def test_a_flow_without_labels_keeps_its_names():
    assert fields(forms.in_words(form("other", thing={"type": "string"})))["thing"]["title"] == "thing"
