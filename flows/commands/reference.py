"""The command line reference of the README, made from the commands themselves."""

from __future__ import annotations

from typing import Annotated, Any

import typer
import typer.main

app = typer.Typer()

BEGIN = "<!-- reference: written by `./run reference --write`, checked by a test -->"
END = "<!-- /reference -->"


@app.command(hidden=True)
def reference(write: Annotated[bool, typer.Option("--write", help="Put it into the README.")] = False) -> None:
    """Print the reference of every command, or write it into the README."""
    if not write:
        typer.echo(text())
        return
    from flows.place import HOME

    path = HOME / "README.md"
    path.write_text(with_reference(path.read_text(encoding="utf-8")), encoding="utf-8")


def text() -> str:
    """A Markdown table: every command with its arguments, its options and what it does."""
    from flows.commands.main import app as every

    rows = ["| command | what it does |", "|---|---|"]
    rows += [f"| `{usage}` | {sentence} |" for usage, sentence in _commands(typer.main.get_command(every), "")]
    return "\n".join(rows)


def with_reference(readme: str) -> str:
    """The README with what stands between the two marks made anew. Raises ValueError where a mark is missing."""
    before, _, rest = readme.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"README.md has lost its marks: {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{text()}\n{END}{after}"


def _commands(command: Any, path: str) -> list[tuple[str, str]]:
    """`command` is whatever typer builds its commands with: click, or its own copy of it in newer versions."""
    if hasattr(command, "commands"):
        below = [(name, sub) for name, sub in command.commands.items() if not sub.hidden]
        return [row for name, sub in below for row in _commands(sub, f"{path} {name}".strip())]
    words = [path, *(_word(parameter) for parameter in command.params if parameter.name != "help")]
    sentence = " ".join((command.help or "").split())
    return [(" ".join(words).replace("|", "\\|"), sentence.replace("|", "\\|"))]


def _word(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        flag = max(parameter.opts, key=len)
        return f"[{flag}]" if parameter.is_flag else f"[{flag} …]"
    name = (parameter.name or "").replace("_", "-").upper()
    return name if parameter.required else f"[{name}{'…' if parameter.nargs == -1 else ''}]"
