"""Errors without the words in them: Prefect keeps an error's text with its run, and KeyError('Jo Brack') has a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flows.run_log import OURS

TAKEN_OUT = "(its words are not kept: they may be a reader's)"


@contextmanager
def wordless() -> Iterator[None]:
    """Whatever is raised inside goes on, of the same kind and from the same place; of what is not ours the words go."""
    try:
        yield
    except Exception as error:
        take_words(error)
        raise


def take_words(error: BaseException) -> None:
    """Our own errors are sentences that were written to be read; the system's say a number and a path."""
    seen: set[int] = set()
    rest: list[BaseException | None] = [error]
    while rest:
        one = rest.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        rest += [one.__cause__, one.__context__]
        ours = type(one).__module__.partition(".")[0] in OURS
        if not ours and not isinstance(one, OSError) and one.args:
            one.args = (TAKEN_OUT,)
