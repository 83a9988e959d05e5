"""The command line. One module a group; what is heavy is imported inside the commands that need it."""

from __future__ import annotations

import sys

import typer

from cuttings.model import BadConfiguration
from flows.commands import demo, desk, init, plumbing, reference, running

app = typer.Typer(
    name="cuttings",
    help="Press cuttings for a council that also reads the comments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (demo.app, init.app, running.app, desk.app, plumbing.app, reference.app):
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


if __name__ == "__main__":
    main()
