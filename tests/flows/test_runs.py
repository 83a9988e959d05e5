"""The flows as Prefect runs them, on the sample site, over real HTTP."""

import email
import shutil
import socket
import subprocess
from email import policy
from pathlib import Path

import pytest

from cuttings.edges.store import articles, issues, outbox, recipients
from cuttings.edges.store import periods as stored
from cuttings.model import BadConfiguration, when

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


def run_collect(**parameters):
    from flows.collect import collect

    return collect(**parameters)


def run_publish(*arguments, **parameters):
    from flows.publish import publish

    return publish(*arguments, **parameters)


def run_deliver():
    from flows.deliver import deliver

    return deliver()


def mail(path):
    return email.message_from_bytes(Path(path).read_bytes(), policy=policy.default)


@pytest.fixture(scope="module")
def collected(tmp_path_factory, site, prefect):  # noqa: ARG001 - the server must be up
    """A house that has read the whole sample site once; tests that change it work on a copy."""
    from tests.flows.conftest import Home
    from tests.site.server import sources_toml

    with pytest.MonkeyPatch.context() as patch:
        home = Home(tmp_path_factory.mktemp("collected"), patch)
        home.write(sources=sources_toml(site))
        first = run_collect()
    return home, first


@pytest.fixture
def read(collected, home):
    """A copy of that house."""
    shutil.copytree(collected[0].folder, home.folder, dirs_exist_ok=True)
    return home


@pytest.fixture(scope="module")
def printed(collected, tmp_path_factory):
    """A house that has published both editions as well; and what publishing them gave."""
    from tests.flows.conftest import Home

    with pytest.MonkeyPatch.context() as patch:
        home = Home(tmp_path_factory.mktemp("printed"), patch)
        shutil.copytree(collected[0].folder, home.folder, dirs_exist_ok=True)
        published = run_publish("managers"), run_publish("members")
    return home, published


# ---------------------------------------------------------------- collect


def test_every_source_that_is_up_is_read_and_the_one_that_is_down_is_named(collected):
    _, first = collected
    from tests.site.sites import SITES

    down = {s.id for s in SITES if s.skin is None}
    assert {s.source for s in first.failed} == down
    assert all("refused" in s.failure for s in first.failed)
    assert sum(s.count("read") for s in first.sources) >= 30


def test_the_counts_of_what_was_collected_add_up(read):
    audit = stored.audit(read.store, when("2020"), when("2027"))
    assert audit.faults() == ()
    assert audit.articles >= 30
    assert audit.comments_in >= 150
    assert audit.comments_spam > 0
    assert audit.comments_duplicate > 0
    assert audit.copies >= 1
    assert len(audit.pages_failed) >= 1 or len(audit.pages_set_aside) >= 1


def test_a_second_run_changes_nothing(read):
    before = stored.audit(read.store, when("2020"), when("2027"))
    read.at("2026-11-03T05:00:00+00:00")
    again = run_collect()
    assert sum(s.count("read") for s in again.sources) == 0
    after = stored.audit(read.store, when("2020"), when("2027"))
    assert (after.articles, after.stories, after.comments_in) == (before.articles, before.stories, before.comments_in)
    assert after.faults() == ()


def test_reading_the_archive_again_changes_nothing_and_adds_up(read):
    from cuttings.edges.store.tables import metadata
    from flows.reread import reread

    def rows():
        with read.store.reading() as connection:
            return {t.name: connection.execute(t.select()).all() for t in metadata.sorted_tables if t.name != "runs"}

    first = reread()  # comments read early did not know their later copies
    before = rows()
    again = reread()
    assert rows() == before
    assert first.documents == again.documents >= 30
    assert again.count("unchanged") + again.count("set aside") + again.count("failed") == again.documents
    assert reread(dry_run=True).counts == again.counts


@pytest.mark.usefixtures("sampled")
def test_a_source_whose_work_dies_of_a_fault_of_ours_costs_itself(monkeypatch):
    def breaks(desk, source):
        if source.id == "care-ledger":
            raise KeyError("x")
        return discover_documents(desk, source)

    from flows import collect as module
    from flows.collecting.discovering import discover_documents

    monkeypatch.setattr(module, "discover_documents", breaks)
    counts = run_collect(sources=["care-ledger", "kitchen-table"])
    broken, whole = counts.sources
    assert "a fault of ours (KeyError)" in broken.failure
    assert (whole.failure, whole.count("read") > 0) == (None, True)


def test_a_page_in_the_wrong_family_loses_nothing(sampled, site):
    from tests.site.server import sources_toml

    # Every source says that its pages are GOV.UK's; the pages know better, or say so.
    blocks = sources_toml(site).replace("pace_seconds = 0", 'pace_seconds = 0\nfamily = "govuk"')
    sampled.write(sources=blocks)
    counts = run_collect()
    asked = sum(n for s in counts.sources for _, n in s.pages)
    audit = stored.audit(sampled.store, when("2020"), when("2027"))
    assert audit.faults() == ()
    assert audit.pages_in == asked


@pytest.mark.usefixtures("home")
def test_without_a_source_the_message_says_where_to_add_one():
    with pytest.raises(BadConfiguration, match=r"config/local/sources\.toml"):
        run_collect()


def test_a_broken_configuration_stops_before_anything_is_done(home):
    home.write(sources='[[source]]\nid = "x"\nurl = "https://x.example"\ncolour = "red"\nname = "X"\n')
    with pytest.raises(BadConfiguration, match=r"sources\.toml: source 'x', key 'colour'"):
        run_collect()
    assert not home.output.exists()


def test_what_is_older_than_first_contact_looks_back_is_archive_and_not_news(read):
    from tests.site import truth

    old = [a for a in truth.articles() if a.published and a.published[:4] < "2026"]
    assert len(old) >= 3
    kept = read.store
    told = {
        a.article.title for s in stored.stories(kept, when("2020"), when("2027"), now=when("2027")) for a in s.articles
    }
    titles = {a.title for key in articles.keys(kept) for a in [articles.find(kept, [key])[key].article]}
    for article in old:
        assert article.title in titles
        assert article.title not in told


# ---------------------------------------------------------------- publish


def test_both_editions_come_out_and_leave_once(printed, home):
    managers, members = printed[1]
    for published in (managers, members):
        assert published.state == "published"
        assert {Path(f).suffix for f in published.files} == {".pdf", ".html", ".json"}
        assert all(Path(f).stat().st_size > 1000 for f in published.files)
    shutil.copytree(printed[0].folder, home.folder, dirs_exist_ok=True)
    assert len(home.messages()) == 3
    again = run_publish("managers")
    assert again.state == "there already"
    assert run_deliver().sent == 0
    assert len(home.messages()) == 3
    assert outbox.counts(home.store, managers.issue) == {"sent": 2}
    assert issues.find(home.store, managers.issue).state == "delivered"


def test_the_message_reads_as_it_should(printed):
    messages = [mail(path) for path in printed[0].messages()]
    (message,) = [m for m in messages if m["To"].addresses[0].addr_spec == "cllr.ash@fellshire.example"]
    assert message["List-Unsubscribe"].startswith("<mailto:")
    assert message["Subject"].startswith("Cuttings for councillors, Oct 2026: ")
    assert message.get_body(("plain",)) is not None
    assert message.get_body(("html",)) is not None
    (pdf,) = message.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_filename().endswith(".pdf")
    assert pdf.get_content().startswith(b"%PDF-")


def test_no_commenter_is_named_anywhere(printed):
    home, published = printed
    text = "".join(Path(f).read_text() for p in published for f in p.files if not f.endswith(".pdf"))
    text += "".join(str(mail(m)) for m in home.messages())
    from tests.site import truth

    authors = {name for a in truth.articles() for name in a.authors}
    names = {c.author for a in truth.articles() for c in a.comments if c.author and " " in c.author}
    assert len(names) > 20
    assert not {n for n in names - authors if n in text}


def test_a_dry_run_keeps_and_sends_nothing(read):
    published = run_publish("managers", dry_run=True)
    assert published.state == "preview"
    assert all(Path(f).parent.name == "preview" for f in published.files)
    assert not read.messages()
    assert issues.latest(read.store) == ()


def test_an_empty_period_tells_the_contact_officer_why_and_readers_what_the_edition_says(read):
    weekly = run_publish("managers", period="2019-W10")
    monthly = run_publish("members", period="2019-03")
    assert weekly.state == monthly.state == "empty"
    by_address = {}
    for path in read.messages():
        message = mail(path)
        body = message.get_body(("plain",)).get_content()
        by_address.setdefault(message["To"].addresses[0].addr_spec, []).append(body)
    assert set(by_address) == {"policy@fellshire.example", "cllr.ash@fellshire.example"}
    assert len(by_address["policy@fellshire.example"]) == 2
    assert all("no issue" in body for body in by_address["policy@fellshire.example"])
    (told,) = by_address["cllr.ash@fellshire.example"]
    assert len([line for line in told.splitlines() if line.strip()]) <= 6


def test_what_is_found_later_still_makes_an_issue_of_a_period_that_was_empty(home, site):
    from tests.site.server import sources_toml

    home.write(sources=sources_toml(site))
    assert run_publish("managers").state == "empty"
    run_collect()
    assert run_publish("managers").state == "published"


def test_an_edition_with_approval_waits_for_a_name(read):
    from flows.decide import decide

    read.write(
        editions=(read.config / "editions.toml")
        .read_text()
        .replace('id = "managers"', 'id = "managers"\napproval = true')
    )
    published = run_publish("managers")
    assert published.state == "awaiting approval"
    (proof,) = read.messages()
    assert mail(proof)["To"].addresses[0].addr_spec == "policy@fellshire.example"
    assert f"./run approve {published.issue}" in mail(proof).get_body(("plain",)).get_content()
    run_deliver()
    assert not [m for m in read.messages() if "anna" in m.name]
    with pytest.raises(ValueError, match="needs the name"):
        decide(published.issue, "approve", " ")
    assert decide(published.issue, "approve", "Morag Tennant") == "approved"
    assert len([m for m in read.messages() if "anna" in m.name]) == 1
    decision = next(d for d in issues.log(read.store, published.issue) if d.became == "approved")
    assert (decision.by, decision.proved) == ("Morag Tennant", False)


def test_an_unreachable_mail_server_loses_nothing(read):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        council = (read.config / "council.toml").read_text()
        smtp = f'channel = "smtp"\nhost = "127.0.0.1"\nport = {closed.getsockname()[1]}\nsecurity = "none"\n'
        read.write(council=council + smtp)
        published = run_publish("managers")
    assert published.state == "published"
    assert outbox.counts(read.store, published.issue) == {"new": 2}
    # Ben leaves meanwhile. Then the server is found again: here, the outbox folder takes its place.
    assert recipients.remove(read.store, "managers", "ben@fellshire.example", now=when("2026-11-02")) == 1
    read.write(council=council)
    read.at("2026-11-02T09:00:00+00:00")
    assert run_deliver().sent == 1
    assert outbox.counts(read.store, published.issue) == {"sent": 1, "given up": 1}
    (message,) = read.messages()
    assert mail(message)["To"].addresses[0].addr_spec == "anna@fellshire.example"


def test_mail_that_could_not_be_sent_in_time_is_reported(read):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        council = (read.config / "council.toml").read_text()
        smtp = f'channel = "smtp"\nhost = "127.0.0.1"\nport = {closed.getsockname()[1]}\nsecurity = "none"\n'
        read.write(council=council + smtp)
        published = run_publish("managers")
    read.write(council=council)
    read.at("2026-11-09T09:00:00+00:00")
    run_deliver()
    assert outbox.counts(read.store, published.issue) == {"given up": 2}
    run_deliver()
    (told,) = read.messages()
    body = mail(told).get_body(("plain",)).get_content()
    assert mail(told)["To"].addresses[0].addr_spec == "policy@fellshire.example"
    assert "anna@fellshire.example: given up" in body


def test_a_full_disk_is_told_and_nothing_is_half_written(home, site, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)], capture_output=True).returncode:
        pytest.skip("a full disk is made with a small tmpfs, and this machine does not let us mount one")
    try:
        from tests.site.server import sources_toml

        home.write(
            sources=sources_toml(site),
            council=(home.config / "council.toml").read_text() + f'[storage]\noutput = "{small}"\n',
        )
        del_env = pytest.MonkeyPatch()
        del_env.delenv("CUTTINGS_OUTPUT")
        try:
            with pytest.raises(Exception, match="disk is full"):
                run_collect()
        finally:
            del_env.undo()
        assert not list(small.rglob("*.part"))
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
