"""Which parts are mutated, by which tests they must be noticed, and which mutants nobody could notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Room:
    """`files` are mutated; of them only the functions that `only` names (none: all). `tests` are fast and their own."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    only: tuple[str, ...] = ()
    floor: float = 0.85  # the share that must be noticed
    # The mutant's name, and why the program does the same with it.
    equivalent: Mapping[str, str] = field(default_factory=dict)


ROOMS: Mapping[str, Room] = {
    "guard": Room(
        files=("cuttings/edges/fetch/guard.py", "cuttings/edges/fetch/outgoing.py"),
        tests=(
            "tests/edges_net/test_guard_limits.py", "tests/edges_net/test_outgoing.py", "tests/edges_net/test_guard.py",
            "tests/edges_net/test_fetch_manners.py", "tests/edges_net/test_fetch_hostile.py",
        ),
    ),
    "outbox": Room(
        files=("cuttings/edges/store/outbox.py", "cuttings/edges/store/sending.py", "cuttings/edges/mail/delivery.py"),
        tests=(
            "tests/edges_store/test_outbox_rows.py", "tests/edges_store/test_outbox_resent.py",
            "tests/edges_store/test_outbox_approved_anew.py", "tests/mail/test_delivery_steps.py",
        ),
    ),
    "text": Room(
        files=(
            "flows/terminal.py", "cuttings/spreadsheet.py", "cuttings/render/safe.py", "cuttings/render/view.py",
            "cuttings/edges/store/values.py", "cuttings/edges/mail/message.py", "flows/run_log.py", "flows/logs.py",
        ),
        tests=(
            "tests/commands/test_terminal.py", "tests/commands/test_sentences_shown.py", "tests/test_spreadsheet.py",
            "tests/test_spreadsheet_read.py", "tests/render/test_safe.py", "tests/edges_store/test_values.py",
            "tests/edges_store/test_storable.py",
            "tests/mail/test_message.py", "tests/mail/test_message_to_the_letter.py", "tests/flows/test_run_log.py",
            "tests/flows/test_log_words.py",
        ),
        only=(
            "flows.terminal.x_*", "cuttings.spreadsheet.*", "cuttings.render.safe.*", "cuttings.render.view.x_clean*",
            "cuttings.render.view.x__finalize*", "cuttings.edges.store.values.x_storable*",
            "cuttings.edges.store.values.x_clean*", "cuttings.edges.store.values.x__storable_tree*",
            "cuttings.edges.mail.message.*", "flows.run_log.x_plain*", "flows.run_log.x_fault*",
            "flows.run_log.x__clean*", "flows.logs.x_structured*", "flows.logs.x__clean*",
        ),
    ),
}  # fmt: skip
