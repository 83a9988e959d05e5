"""A letter, its sender and a full outbox, for these tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cuttings.edges.mail import Attachment, Sender, build_message, message_id
from cuttings.edges.store import outbox
from cuttings.edges.store.outbox import Letter

NOW = datetime(2026, 4, 6, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SENDER = Sender(
    "cuttings@fellshire.example",
    "Fellshire cuttings",
    "officer@fellshire.example",
    "Zoë Marsh",
    "stop@fellshire.example",
    "managers",
)
TEXT = "Adult social care. For noting.\n\n1. STAFF\n.a line that begins with a dot\nFrom the team.\n"
HTML = "<html><body><h1>Adult social care</h1><p>Tea – and toast.</p></body></html>\n"
PDF = Attachment(b"%PDF-1.7\n\x00\xff\r\n.\r\n%%EOF\n", "Cuttings for managers, 30 March to 5 April 2026.pdf")


def built(**changes):
    given = {
        "sender": SENDER,
        "to": "ann@fellshire.example",
        "to_name": "Ann Vole",
        "subject": "Managers’ cuttings, 30 March to 5 April: 4 articles",
        "text": TEXT,
        "html": HTML,
        "date": NOW,
        "message_id": message_id("managers-1", "edition", "ann@fellshire.example", SENDER.address),
        "pdf": PDF,
    }
    return build_message(**(given | changes))


def queued(store, n=3, letter=None, deadline=NOW + 2 * DAY):
    letter = letter or Letter("health 2026-04-06", "notice", "All is well", TEXT, HTML)
    outbox.enqueue(store, letter, [(f"reader{i}@x.example", None) for i in range(n)], now=NOW, deadline=deadline)
    return letter.issue
