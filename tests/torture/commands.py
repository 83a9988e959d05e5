"""`./run torture commands`: hostile paths, lines, settings and words for every command.

Each call ends with 0, 1 or 2, an answer or a sentence, within 20 CPU seconds and 700 MB; no traceback, no escape
sequence of a stranger's on the terminal, no wait for a pipe that nobody writes to.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.torture import commands_lines, commands_paths, commands_settings, commands_words
from tests.torture.commands_world import world
from tests.torture.rows import Row


def rows(quick: bool) -> Iterator[Row]:
    with world() as one:
        for part in (commands_paths, commands_lines, commands_settings, commands_words):
            yield from part.rows(one, quick)
