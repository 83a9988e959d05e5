"""The command line. One module a group; what is heavy is imported inside the commands that need it."""

from __future__ import annotations

import sys

import typer

from cuttings.model import BadConfiguration
from flows.commands import (
    approval,
    backup,
    demo,
    desk,
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
    source,
    themes,
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
    governance.app,
    plumbing.app,
    reference.app,
):
    app.registered_commands += group.registered_commands
    app.registered_groups += group.registered_groups


def main() -> None:
    try:
        app()
    except SystemExit:
        raise
    except BadConfiguration as error:
        print(f"cuttings: the configuration can't be used.\n{error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # `cuttings … | head` closes the pipe early; that is no error of ours
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        # Errors of our own are sentences for people; anything else is a fault of the program and shows where it is.
        if not type(error).__module__.startswith(("cuttings.", "parsers.", "flows.")):
            raise
        print(f"cuttings: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
