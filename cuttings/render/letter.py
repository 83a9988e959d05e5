"""The e-mail that carries an issue: subject, preview line, HTML and text.

Managers get the front page, members the whole edition in the HTML part; the text part is the short form of both.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace

from cuttings.digest import wording
from cuttings.model import Digest, Notice
from cuttings.render.view import Look, folder_of, look

ASK = {"managers": "Consider:", "members": "You could ask:"}
_BLANK = re.compile(r"\n{3,}")
COLUMNS = 72
_NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Letter:
    """Ready for mail.py. `attachment` is the PDF's file name; subject and preview are single lines."""

    subject: str
    preview: str
    attachment: str
    ask: str
    html: str = ""
    text: str = ""
    unsubscribe: str | None = None
    attached: bool = True


def subject(digest: Digest) -> str:
    """'Cuttings for councillors, Oct 2013: 4 articles, 0 dates'."""
    period = wording.short_span(digest.start, digest.end)
    counts = f"{wording.count(len(digest.of_period), 'article')}, {wording.count(len(digest.diary), 'date')}"
    return _line(f"{digest.name}, {period}: {counts}")


def preview(digest: Digest) -> str:
    """What a mail client shows beside the subject: what the counts in it don't say."""
    return _line(" ".join(line.text for line in digest.in_brief[1:]) or digest.title.text)


def attachment(digest: Digest, suffix: str = "pdf") -> str:
    """'cuttings-for-managers-2013-10-07-issue-3.pdf': sorts by date, reads well, needs no quoting in a header."""
    name = re.sub(r"[^a-z0-9]+", "-", digest.name.lower()).strip("-") or digest.edition
    return f"{name[:60]}-{digest.end.isoformat()}-issue-{digest.number}.{suffix}"


def letter(
    digest: Digest,
    *,
    chosen: Look | None = None,
    unsubscribe: str | None = None,
    attached: bool = True,
    template: str | None = None,
) -> Letter:
    """The e-mail of an issue. `unsubscribe` is a mailto:, http: or https: address; `attached` False = too large."""
    look_ = chosen or look()
    bare = Letter(
        subject(digest), preview(digest), attachment(digest), ASK[digest.audience], "", "", unsubscribe, attached
    )
    env = look_.environments["screen"]
    body = env.get_template(folder_of(digest, look_, template, "email.html")).render(digest=digest, letter=bare)
    text = env.get_template("email.txt").render(digest=digest, letter=bare)
    return replace(bare, html=body, text=_wrapped(_BLANK.sub("\n\n", text).strip()) + "\n")


def email_html(digest: Digest, **how: object) -> str:
    return letter(digest, **how).html  # type: ignore[arg-type]


def email_text(digest: Digest, **how: object) -> str:
    return letter(digest, **how).text  # type: ignore[arg-type]


def notice_letter(notice: Notice) -> Letter:
    """A notice as plain text: there is nothing in it that wants a layout."""
    return Letter(
        _line(notice.subject), _line(notice.lines[0]), "", "", "", "\n".join(notice.lines) + "\n", None, False
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(text: str) -> str:
    """Lines of 72 columns. Neither an address nor a number in groups ("01632 960 441") is broken."""
    wrap = textwrap.TextWrapper(COLUMNS, break_long_words=False, break_on_hyphens=False)
    held = re.sub(r"(?<=\d) (?=\d)", _NO_BREAK, text)
    lines = [part for line in held.split("\n") for part in (wrap.wrap(line) or ("",))]
    return "\n".join(lines).replace(_NO_BREAK, " ")
