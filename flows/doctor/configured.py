"""What is configured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cuttings.settings import Council, Settings
from flows import place
from flows.doctor.finding import Finding, count, fault, look, ok

if TYPE_CHECKING:
    from cuttings.edges.store import Store

HERE = ("127.0.0.1", "localhost", "::1")


def _init() -> str:
    written = (place.local_folder() / "council.toml").exists()
    return "./run init --force  # asks for it, and keeps the rest" if written else "./run init  # asks for it"


def findings(settings: Settings) -> Iterator[Finding]:
    yield from _council(settings)
    yield from _mail(settings)
    yield from _sources(settings)
    if settings.themes:
        drafts = f", {len(settings.drafts)} not live yet" if settings.drafts else ""
        yield ok("themes", f"{count(len(settings.themes), 'theme')}{drafts}")
    else:
        yield fault("themes", "No theme is configured.", "Put them back in config/local/themes.toml.")
    if settings.server.host in HERE:
        yield ok("server", f"Prefect listens on {settings.server.host}:{settings.server.port}, for this machine alone")
    else:
        yield look(
            "server",
            f"Prefect listens on {settings.server.host}: others in the network can reach it.",
            "Put a proxy with TLS in front of it, or take [server] host out of council.toml.",
        )


def _council(settings: Settings) -> Iterator[Finding]:
    council, plain = settings.council, Council()
    if council.name == plain.name:
        yield look("council", f"It still has the name that we gave it: {council.name!r}.", _init())
    else:
        yield ok("council", council.name)
    if council.contact_email == plain.contact_email:
        yield fault("contact", "No contact officer: what fails is told to nobody.", _init())
    else:
        yield ok("contact", f"{council.contact_name}, {council.contact_email}")
    if council.crest and not (place.HOME / council.crest).is_file():
        yield fault("crest", f"{council.crest} is not there.", "Put it there, or take 'crest' out of council.toml.")
    if council.local:
        yield ok("places", f"{count(len(council.local), 'local place')}, such as {council.local[0]}")
    else:
        yield look("places", "No local place: nothing is marked 'Local' and put first.", _init())


def _mail(settings: Settings) -> Iterator[Finding]:
    delivery = settings.delivery
    if delivery.channel == "outbox":
        yield look(
            "mail",
            "Messages are written to output/outbox and reach nobody.",
            _init(),
        )
    else:
        yield from _smtp(settings)
    if delivery.sender.endswith(".example"):
        yield look("mail", f"The sender is {delivery.sender}, which is no real address.", _init())
    if delivery.inbox is None:
        yield look(
            "inbox",
            "No inbox: who unsubscribes and what bounces is not read.",
            "Set [delivery] inbox in council.toml, or take people off by hand.",
        )


def _smtp(settings: Settings) -> Iterator[Finding]:
    from cuttings.settings import BadConfiguration
    from flows.passwords import PASSWORD, PASSWORD_FILE, password

    delivery = settings.delivery
    yield ok("mail", f"by {delivery.host}:{delivery.port} ({delivery.security}), from {delivery.sender}")
    if delivery.security == "none" and delivery.host not in HERE:
        yield look(
            "mail",
            f"What goes to {delivery.host} is not encrypted{', the password neither' if delivery.username else ''}.",
            "Set [delivery] security = \"starttls\" in council.toml.",
        )  # fmt: skip
    if delivery.username:
        try:
            known = password(PASSWORD, PASSWORD_FILE, os.environ)
        except BadConfiguration:
            return  # said with the other files that too many may read
        if known is None:
            yield fault(
                "mail",
                f"There is no password for {delivery.username}.",
                f"Put it into {PASSWORD}, or config/local/{PASSWORD_FILE} (mode 600).",
            )


def _sources(settings: Settings) -> Iterator[Finding]:
    if not settings.sources:
        yield fault("sources", "No source is configured.", "./run source try ADDRESS  # shows what to write down.")
        return
    links = sum(source.licence.mode == "link" for source in settings.sources)
    alone = f"; of {links} we print the link alone, for want of a licence" if links else ""
    yield ok("sources", f"{count(len(settings.sources), 'source')}{alone}")


def editions(settings: Settings, store: Store) -> Iterator[Finding]:
    """Who gets what, and who approves it."""
    from cuttings.edges.store import recipients

    if not settings.editions:
        yield fault("editions", "No edition is configured.", "Put one into config/local/editions.toml.")
    for edition in settings.editions:
        there = len(recipients.of_edition(store, edition.id)) or len(edition.recipients)
        approval = ", after an approval" if edition.approval else ""
        if there:
            yield ok(edition.id, f"{count(there, 'recipient')}, each {edition.period}{approval}")
        else:
            yield look(edition.id, "Nobody gets it.", f"./run recipients add {edition.id} ADDRESS")
        if edition.approval and not (edition.editor or settings.delivery.editor):
            yield look(
                edition.id,
                "It needs an approval, and no editor is named: the contact officer gets the proof.",
                f"Set 'editor' of '{edition.id}' in config/local/editions.toml.",
            )
