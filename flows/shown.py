"""What came of a publish, on its run's page in Prefect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows import letters, names

if TYPE_CHECKING:
    from flows.house import House
    from flows.publish import Published


def show(house: House, published: Published) -> None:
    """The artifacts of a publish: state, files and items; the counts; what could not be read."""
    digest = published.digest
    messages = f"{published.messages} message{'' if published.messages == 1 else 's'}"
    lines = [f"# {published.title}", "", f"State: **{published.state}**, {messages}."]
    if published.state == "awaiting approval":
        lines += [
            "",
            f"To decide: *Deployments*, ‘{names.ANSWER}’, *Run*. The proof is mailed to its editor.",
        ]
    lines += ["", *(letters.file_line(house, path) for path in published.files)]
    if digest is not None:
        lines += ["", "## What it prints", ""]
        lines += [f"- **{i.number}** {letters.marked_down(i.headline.text)} ({i.source})" for i in digest.items]
        if digest.left_out:
            lines += ["", "## What it leaves out", "", *(f"- {n} {why}" for why, n in digest.left_out)]
    create_markdown_artifact("\n".join(lines), key="issue", description=published.issue or published.title)
    if digest is None:
        return
    audit = digest.audit
    counts = {
        "sources read": len(audit.sources), "sources failed": len(audit.sources_failed), "pages": audit.pages_in,
        "articles": audit.articles, "stories": audit.stories, "printed": len(digest.of_period),
        "comments": audit.comments_in, "spam": audit.comments_spam, "double": audit.comments_duplicate,
        "words": digest.words,
    }  # fmt: skip
    table = [{"what": what, "how many": number} for what, number in counts.items()]
    create_table_artifact(table, key="counts", description=f"{published.title}: what it was made of")
    failed = [{"source": name, "why": why} for name, why in audit.sources_failed]
    failed += [{"source": f"{n} pages", "why": why} for why, n in audit.pages_failed]
    if failed:
        create_table_artifact(failed, key="failed", description="What could not be read, and why")
