from flows.commands.reference import text, with_reference
from flows.place import HOME

README = HOME / "README.md"


def test_the_readme_holds_the_reference_as_it_is_now():
    readme = README.read_text(encoding="utf-8")
    assert with_reference(readme) == readme, "run `./run reference --write`"


def test_every_command_says_what_it_does():
    rows = text().splitlines()[2:]
    assert len(rows) > 20
    assert not [row for row in rows if row.endswith("|  |")]
