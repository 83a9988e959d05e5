"""The name of who wrote a comment, out of the line in which a theme prints it."""

from __future__ import annotations

from parsers import dates
from parsers.thread_marks import BY, GRAVATAR, SAYS
from parsers.wording import clean


def tidy_name(text: str | None) -> str | None:
    """'Gravatar of AnnAnn' -> 'Ann'; 'Ann says:' -> 'Ann'; 'Posted by Ann on 3 May' -> 'Ann'; 'Martin Martin' stays."""
    name = clean(text)
    doubled = GRAVATAR.match(name)
    if doubled:
        name = name[doubled.end() :]
        half = len(name) // 2
        if (len(name) % 2 == 0 and name[:half] == name[half:]) or (
            name[:half] == name[half + 1 :] and name[half : half + 1] == " "
        ):
            name = name[:half]
    name = BY.sub("", name)
    found = dates.find_date(name)
    if found and len(found[0]) >= 10:
        name = name[: found[1]]
    previous = None
    while name != previous:
        previous = name
        name = SAYS.sub("", name).strip(" \t:,;|/–—-•·»›(")
    return name or None
