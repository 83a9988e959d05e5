"""What the forms of Prefect's UI offer: words instead of parameter names, choices instead of empty fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from cuttings.settings import Edition, Settings
from flows.publish import BACK

Deployment = TypeVar("Deployment")

# Flow -> parameter -> (its name on the form, what stands below that). Where nothing is said here, the flow's docstring
# stands below; it speaks of what may be typed on the command line.
WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "publish": {
        "edition": ("Edition", "Which edition."),
        "period": ("Period", "Which days. Left empty: the last whole week or month."),
        "dry_run": ("Dry run", "Only look: makes the PDF and the web page in output/preview, keeps and sends nothing."),
        "resend_to": (
            "Send again, to one e-mail address",
            "Nothing is made: the issue of this edition and period goes to this one reader again. Needs your name.",
        ),
        "by": ("Your name", "Only to send an issue again: it stands in the log."),
    },
    "decide": {
        "issue": (
            "Issue",
            "As the proof names it: managers-2026-10-26-2026-11-01. Left empty: the one that waits, where only one "
            "does.",
        ),
        "decision": (
            "Your decision",
            "approve: send it now. hold: keep it back for now. do not send: close it for good. strike: take an item "
            "out. write: add the council's own words to one. pin: put one in, and first. take back: undo one of these.",
        ),
        "by": ("Your name", "It stands in the log, and under what you write."),
        "reason": ("Reason", "In a sentence. Needed for everything but approve and write."),
        "proof": (
            "Number of the proof you looked at",
            "If the issue was changed since, nothing is done. Left empty: whatever the latest proof is.",
        ),
        "item": (
            "Item (for strike, write, pin, take back)",
            "As the proof prints it: M3, C1. Or the web address of its article.",
        ),
        "headline": ("Plain headline (for write)", "25 words at most. It is printed in [brackets]."),
        "summary": ("Note by the council (for write)", "What it says, in your words. 60 words at most."),
        "question": ("Question (for write)", "One that readers could ask. 40 words at most."),
    },
    "correct": {
        "issue": ("Issue that was sent", "As the list of issues names it: managers-2026-10-26-2026-11-01."),
        "reason": ("What was wrong", "In a sentence. Every reader sees it, as the first words of the issue."),
        "by": ("Your name", "It stands in the log."),
        "proof_first": ("Send a proof first", "So that items can be struck or written before the correction leaves."),
    },
    "collect": {"sources": ("Sources", "Which sources to read. Left empty: every source.")},
    "reread": {
        "source": ("Source", "Whose pages are read again. Left empty: every source."),
        "since": ("Since", "Only pages that came since this day, as 2026-10-01. Left empty: all of them."),
        "dry_run": ("Dry run", "Say what would change, and change nothing."),
        "part": ("Part", "Where several runs share the work: 2/8 is the second of eight. Left empty: all of it."),
    },
    "retention": {"dry_run": ("Dry run", "Only count what is over, delete nothing.")},
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
        properties[name] = field | {"type": "string", "enum": list(values)}
    return deployment


def in_words(deployment: Deployment, sources: Sequence[str] = ()) -> Deployment:
    """The deployment with names on its form that a policy officer reads, and a field to type in for every parameter.

    For "str | None" Prefect shows two buttons, 'str' and 'None', and no field before the first is pressed; what is left
    empty is None either way. `sources` are those to choose from.
    """
    schema = _schema(deployment)
    words = WORDS.get(str(getattr(deployment, "flow_name", "")), {})
    for name, field in schema.properties.items():
        plain = {key: value for key, value in field.items() if key != "anyOf"}
        kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            plain |= kinds[0]
        if plain.get("default", ...) is None:
            del plain["default"]
        title, below = words.get(name, (name, " ".join(str(plain.get("description", "")).split())))
        plain |= {"title": title} | ({"description": below} if below else {})
        if sources and name == "source":
            plain |= {"enum": list(sources)}
        elif sources and name == "sources":
            plain |= {"items": {"type": "string", "enum": list(sources)}}
        schema.properties[name] = plain
    # What the deployment fills in by itself may be left empty, and the form shows '(Optional)' beside it.
    filled = getattr(deployment, "parameters", None) or {}
    schema.required = [name for name in getattr(schema, "required", None) or () if name not in filled]
    _in_order(schema, words)
    return deployment


def _in_order(schema: Any, words: Mapping[str, object]) -> None:
    """The form's order is that of the words: what everybody fills in stands first."""
    order = [*(name for name in words if name in schema.properties), *schema.properties]
    for place, name in enumerate(dict.fromkeys(order)):
        schema.properties[name] = schema.properties.pop(name) | {"position": place}


def _schema(deployment: object) -> Any:
    return getattr(deployment, "_parameter_openapi_schema")  # noqa: B009 - Prefect has no public way in
