"""What the forms of Prefect's UI offer: words instead of parameter names, choices instead of empty fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from cuttings.settings import Edition, Settings
from flows.publish import BACK

Deployment = TypeVar("Deployment")

# Flow -> parameter -> its name on the form. What stands below the name is the flow's docstring.
LABELS: Mapping[str, Mapping[str, str]] = {
    "publish": {
        "edition": "Edition",
        "period": "Period",
        "dry_run": "Dry run: only look, send nothing",
        "resend_to": "Send again, to this one e-mail address",
        "by": "Your name",
    },
    "decide": {
        "issue": "Issue",
        "decision": "Your decision",
        "by": "Your name",
        "reason": "Reason",
        "item": "Item, for strike, write, pin and take back",
        "headline": "New headline, for write",
        "summary": "Note by the council, for write",
        "question": "Question, for write",
        "proof": "Number of the proof you looked at",
    },
    "correct": {
        "issue": "Issue that was sent",
        "reason": "What was wrong",
        "by": "Your name",
        "proof_first": "Send a proof first",
    },
    "collect": {"sources": "Sources"},
    "retention": {"dry_run": "Dry run: only count, delete nothing"},
}
# The docstring speaks of what may be typed on the command line; the form has its list.
CHOSEN: Mapping[str, str] = {
    "edition": "Which edition.",
    "period": "Which days. Left empty: the last whole week or month.",
}


def about(edition: Edition) -> str:
    """A deployment's description, above its form."""
    approval = " It waits for an approval." if edition.approval else ""
    return (
        f"{edition.name}: the last whole {edition.period}, as PDF, HTML and e-mail.{approval} Safe to run twice: an "
        "issue that is there is not made again and nobody gets it twice. By hand, choose another period, a dry run, or "
        "an address that gets the issue again."
    )


def choices(settings: Settings, edition: Edition) -> Mapping[str, Sequence[str]]:
    """Parameter -> what may be chosen. Periods are counted back from the day of the run, so they never grow old."""
    others = [e.id for e in settings.editions if e.id != edition.id]
    return {"edition": [edition.id, *others], "period": [*BACK]}


def with_choices(deployment: Deployment, chosen: Mapping[str, Sequence[str]]) -> Deployment:
    """The deployment with lists to choose from in its form.

    Prefect derives a form from the flow's signature, which can't know the configuration; the schema it made is what it
    registers, so the choices go in there.
    """
    properties = _schema(deployment).properties
    for name, values in chosen.items():
        field = {key: value for key, value in properties[name].items() if key != "anyOf"}
        properties[name] = field | {"type": "string", "enum": list(values), "description": CHOSEN[name]}
    return deployment


def in_words(deployment: Deployment) -> Deployment:
    """The deployment with names on its form that a policy officer reads, and a field to type in for every parameter.

    For "str | None" Prefect shows two buttons, 'str' and 'None', and no field before the first is pressed; what is left
    empty is None either way.
    """
    labels = LABELS.get(str(getattr(deployment, "flow_name", "")), {})
    properties = _schema(deployment).properties
    for name, field in properties.items():
        plain = {key: value for key, value in field.items() if key != "anyOf"}
        kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            plain |= kinds[0]
        if plain.get("default", ...) is None:
            del plain["default"]
        properties[name] = plain | {"title": labels.get(name, name)}
        if "description" in plain:
            properties[name]["description"] = " ".join(plain["description"].split())
    return deployment


def _schema(deployment: object) -> Any:
    return getattr(deployment, "_parameter_openapi_schema")  # noqa: B009 - Prefect has no public way in
