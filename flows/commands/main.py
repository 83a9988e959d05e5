"""The command line. One module a group; what is heavy is imported inside the commands that need it."""

from __future__ import annotations

import sys
import time

import typer

from flows.commands import (
    approval,
    backup,
    demo,
    desk,
    doctor,
    explain,
    governance,
    init,
    people,
    plumbing,
    record,
    reference,
    reread,
    review,
    rulings,
    running,
    service,
    source,
    stats,
    themes,
    update,
)

app = typer.Typer(
    name="cuttings",
    help="Press cuttings for a council that also reads the comments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (
    demo.app,
    init.app,
    running.app,
    service.app,
    reread.app,
    approval.app,
    review.app,
    rulings.app,
    explain.app,
    themes.app,
    desk.app,
    source.app,
    record.app,
    people.app,
    backup.app,
    doctor.app,
    stats.app,
    update.app,
    governance.app,
    plumbing.app,
    reference.app,
):
    app.registered_commands += group.registered_commands
    app.registered_groups += group.registered_groups


def main() -> None:
    began = time.monotonic()
    try:
        _run()
    except SystemExit as end:
        _log(began, f"exit {end.code or 0}")
        raise
    except BaseException as error:
        _log(began, type(error).__name__)
        raise


def _run() -> None:
    try:
        app()
    except SystemExit:
        raise
    except BrokenPipeError:  # `cuttings … | head` closes the pipe early; that is no error of ours
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        from cuttings.model import BadConfiguration

        if isinstance(error, BadConfiguration):
            print(f"cuttings: the configuration can't be used.\n{error}", file=sys.stderr)
            sys.exit(2)
        # Errors of our own are sentences for people; anything else is a fault of the program and shows where it is.
        if not type(error).__module__.startswith(("cuttings.", "parsers.", "flows.")):
            raise
        print(f"cuttings: {error}", file=sys.stderr)
        sys.exit(1)


def _log(began: float, end: str) -> None:
    """A line for a command that opened the store. Its name alone: the words behind it may be somebody's name."""
    run_log = sys.modules.get("flows.run_log")  # who opens the store loads it; `--help` and `read` do without
    if run_log is None or not run_log.in_use():
        return
    named: list[str] = []
    known: object | None = typer.main.get_command(app)
    for word in sys.argv[1:]:
        known = getattr(known, "commands", {}).get(word)
        if known is None:
            break
        named.append(word)
    run_log.write("command", {"command": " ".join(named), "end": end, "seconds": round(time.monotonic() - began, 1)})


if __name__ == "__main__":
    main()
