from types import SimpleNamespace

from flows import forms


def form(flow, **properties):
    schema = SimpleNamespace(properties=properties)
    return SimpleNamespace(flow_name=flow, _parameter_openapi_schema=schema)


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
    assert shown == {"type": "string", "title": "Reason", "description": "a b"}


def test_a_list_of_choices_and_a_switch_keep_what_they_are():
    held = form("publish", period={"type": "string", "default": None}, dry_run={"type": "boolean", "default": False})
    shown = fields(forms.in_words(forms.with_choices(held, {"period": ["the last whole one"]})))
    assert shown["period"]["enum"] == ["the last whole one"]
    assert shown["period"]["title"] == "Period"
    assert shown["dry_run"]["default"] is False


def test_a_flow_without_labels_keeps_its_names():
    assert fields(forms.in_words(form("other", thing={"type": "string"})))["thing"]["title"] == "thing"
