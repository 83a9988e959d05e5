"""The command line. One module a group; what is heavy is imported inside the commands that need it."""

from __future__ import annotations

import errno
import io
import os
import sys
import time
import traceback

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
    typed,
    update,
    worker,
)
from flows.terminal import shown

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
    worker.app,
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
typed.note(app)


# No fault of the program's, whichever command meets it; where something was at stake the command itself says more.
_FULL = {
    errno.ENOSPC: "the disk is full. Make room and give the command again.",
    errno.EDQUOT: "the disk quota is used up. Make room and give the command again.",
    errno.EROFS: "the disk is read-only. Have it mended, or name another folder, and give the command again.",
}


def main() -> None:
    began = time.monotonic()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name need not be UTF-8, and is printed all the same
        sys.stdout.reconfigure(errors="backslashreplace")
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
    except OSError as error:
        if error.errno not in _FULL:
            # A path that somebody typed is no fault of the program's; any other is, and shows where it is.
            if not (typed.named(error.filename) or typed.named(error.filename2)):
                raise
            print(shown(f"cuttings: {error.filename}: {error.strerror}."), file=sys.stderr)
            sys.exit(1)
        place = f"{error.filename} can't be written: " if error.filename else ""
        print(f"cuttings: {place}{_FULL[error.errno]}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else what is left to be said fails once more on the way out
        sys.exit(1)
    except UnicodeEncodeError as error:
        if not any("\udc80" <= letter <= "\udcff" for word in sys.argv[1:] for letter in word):
            raise
        print(shown(f"cuttings: {ascii(error.object)[:80]} is not UTF-8 text. Type it again."), file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        from cuttings.model import BadConfiguration

        if isinstance(error, BadConfiguration):
            print(shown(f"cuttings: the configuration can't be used.\n{error}"), file=sys.stderr)
            sys.exit(2)
        if _as_prefect_started(error):
            print(
                "cuttings: Prefect's temporary server did not start; nothing was done. Is the machine very busy, or "
                "another first run at work? Give the command again, or start ./run serve first.",
                file=sys.stderr,
            )
            sys.exit(1)
        # Errors of our own are sentences for people; anything else is a fault of the program and shows where it is.
        if not type(error).__module__.startswith(("cuttings.", "parsers.", "flows.")):
            raise
        print(shown(f"cuttings: {error}"), file=sys.stderr)
        sys.exit(1)


def _as_prefect_started(error: BaseException | None) -> bool:
    """Whether it comes from where Prefect starts its temporary server. That is told by the place: what is said there is
    a RuntimeError with whatever words this version of Prefect has for it."""
    server = sys.modules.get("prefect.server.api.server")
    start = getattr(getattr(server, "SubprocessASGIServer", None), "start", None)
    place = getattr(start, "__code__", None)
    while error is not None and place is not None:
        if any(frame.f_code is place for frame, _ in traceback.walk_tb(error.__traceback__)):
            return True
        error = error.__cause__ or error.__context__
    return False


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
