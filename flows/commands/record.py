"""`cuttings record`: a page that is read wrongly becomes a test case, for a person to correct."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cuttings.model import Page

from flows.commands.telling import stop

app = typer.Typer()
_FOLDER = Path("tests/parsers/cases")


@app.command()
def record(
    page: Annotated[str, typer.Argument(metavar="URL|FILE", help="The page's address, or a file that holds it.")],
    into: Annotated[Path, typer.Option(help="The folder that gets the case.")] = _FOLDER,
    name: Annotated[str | None, typer.Option(help="The case's name; left out, it comes from the address.")] = None,
    url: Annotated[str | None, typer.Option(help="The address of a page in a file.")] = None,
    family: Annotated[str | None, typer.Option(help="The parser to use; left out, it is recognised.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow an address of your own network.")] = False,
) -> None:
    """Write a test case from a page: the page, and what is read of it now. Correct expected.json by hand."""
    from cuttings.edges.limited import Crashed, Exceeded, Limited
    from cuttings.model import Unreadable
    from parsers import recording

    found = _given(page, url, private)
    with Limited(cpu_seconds=10, memory_mb=600, wall_seconds=60, preload=("parsers",)) as worker:
        try:
            files, called = worker.call("parsers.recording:recorded", found, family=family)
        except (Unreadable, Exceeded, Crashed) as error:
            stop(f"The page cannot be read: {error}")
    folder = into / (name or called)
    try:
        recording.write(files, folder)
    except FileExistsError:
        stop(f"{folder} holds a case already. Choose another --name, or remove it.")
    except OSError as error:
        stop(f"{folder} cannot be written: {error.strerror}.")
    typer.echo(f"Written: {folder}\nNow correct expected.json in it by hand: it says what is read, not what is right.")


def _given(page: str, url: str | None, private: bool) -> Page:
    from cuttings.model import Page
    from flows import given

    if page.startswith(("http://", "https://")):
        return _fetched(page, private)
    try:
        body = given.read(Path(page))
    except OSError as error:
        stop(f"{page} cannot be read: {error.strerror}.")
    kind = "application/json" if body.lstrip()[:1] in {b"{", b"["} else "text/html"
    return Page(url, body, media_type=kind)


def _fetched(url: str, private: bool) -> Page:
    from cuttings.edges.fetch import FetchFailed
    from flows.commands import source, source_asking
    from flows.place import settings

    with source_asking.fetcher(settings()) as fetcher:
        try:
            return source_asking.page(fetcher.bound_to(source.trial_source(url, None, private)), url).page
        except FetchFailed as error:
            stop(error.detail)
