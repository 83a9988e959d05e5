"""What the forms of Prefect's UI offer: choices from the configuration instead of empty fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from cuttings.settings import Edition, Settings
from flows.publish import BACK

Deployment = TypeVar("Deployment")


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
    schema: Any = getattr(deployment, "_parameter_openapi_schema")  # noqa: B009 - Prefect has no public way in
    for name, values in chosen.items():
        field = {key: value for key, value in schema.properties[name].items() if key != "anyOf"}
        schema.properties[name] = field | {"type": "string", "enum": list(values)}
    return deployment
