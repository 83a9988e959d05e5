"""init, recipients, and what is said when something is off."""

import stat
from datetime import UTC, datetime, timedelta

import pytest

from cuttings.edges.store import open_store, outbox, sending

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)


def test_init_writes_what_can_be_read_back(cuttings, tmp_path):
    done = cuttings("init", "--name", "Fellshire “County” Council", "--contact-name", "Morag Tennant",
                    "--contact-email", "policy@fellshire.example")  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    written = (tmp_path / "config" / "council.toml").read_text(encoding="utf-8")
    assert "Fellshire “County” Council" in written
    assert stat.S_IMODE((tmp_path / "config" / "hash-key").stat().st_mode) == 0o600
    again = cuttings("init", "--name", "Other", "--contact-email", "a@b.example")
    assert again.returncode == 1
    assert b"stands already" in again.stderr


@pytest.mark.parametrize("email", ["nobody", "a@b", "two@x.example, three@x.example"])
def test_init_refuses_what_is_no_address_and_writes_nothing(cuttings, tmp_path, email):
    done = cuttings("init", "--name", "Fellshire", "--contact-email", email)
    assert done.returncode == 2
    assert b"contact_email" in done.stderr
    assert not (tmp_path / "config" / "council.toml").exists()


def test_init_without_a_terminal_says_which_option_it_needs(cuttings):
    done = cuttings("init", "--name", "Fellshire")
    assert done.returncode == 2
    assert b"e-mail address" in done.stderr


def test_recipients_come_and_go(cuttings):
    assert b"gets managers" in cuttings("recipients", "add", "managers", "anna@fellshire.example").stdout
    assert b"already" in cuttings("recipients", "add", "managers", "Anna@Fellshire.example").stdout
    assert cuttings("recipients", "export", "managers").stdout.splitlines() == [
        b"address,name",
        b"anna@fellshire.example,",
    ]
    assert b"no longer" in cuttings("recipients", "remove", "managers", "anna@fellshire.example").stdout
    assert b"(removed)" in cuttings("recipients", "list").stdout


def test_a_list_with_one_wrong_address_is_not_taken_in_at_all(cuttings, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("address,name\nanna@fellshire.example,Anna\nnobody,Nobody\n")
    done = cuttings("recipients", "import", "managers", file)
    assert done.returncode == 1
    assert b"line 3" in done.stderr
    assert cuttings("recipients", "export", "managers").stdout.splitlines() == [b"address,name"]


def test_a_list_goes_in_and_comes_out_again(cuttings, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(
        '\ufeffaddress,name\nanna@fellshire.example,"Lamb, Anna"\nben@fellshire.example,\n', encoding="utf-8"
    )
    assert b"2 added" in cuttings("recipients", "import", "members", file).stdout
    file.write_text("address\nben@fellshire.example\n")
    assert b"0 added, 1 removed" in cuttings("recipients", "import", "members", file, "--replace").stdout


@pytest.mark.parametrize("words", [("recipients", "add", "mayors", "a@b.example"), ("publish", "mayors")])
def test_an_unknown_edition_names_the_known_ones(cuttings, words):
    done = cuttings(*words)
    assert done.returncode == 2
    assert b"Known editions: managers, members" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_broken_configuration_is_told_without_a_traceback(cuttings, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.toml").write_text('[[source]]\nid = "x"\nname = "X"\nurl = "x"\n')
    done = cuttings("collect")
    assert done.returncode == 2
    assert b"sources.toml: source 'x', key 'url'" in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_was_sent_a_second_time_says_so(cuttings, tmp_path):
    letter = outbox.Letter("health 2026-11-02", "notice", "s", "t", "h")
    assert b"No message needs you" in cuttings("outbox", "list").stdout  # and the store is made
    store = open_store(tmp_path / "output" / "cuttings.db")
    to = [("ann@fellshire.example", None), ("ben@fellshire.example", None)]
    outbox.enqueue(store, letter, to, now=NOW, deadline=NOW + timedelta(days=2))
    for _ in to:
        sending.claim(store, by="t", now=NOW)
    sending.sweep(store, now=NOW + timedelta(hours=1), policy="resend-once")
    mailing, _ = sending.claim(store, by="t", now=NOW + timedelta(hours=1))
    sending.mark(store, mailing, "sent", now=NOW + timedelta(hours=1), detail="250 ok")
    sending.claim(store, by="t", now=NOW + timedelta(hours=1))
    sending.sweep(store, now=NOW + timedelta(hours=3), policy="resend-once")
    store.close()
    needs, _, twice = cuttings("outbox", "list").stdout.decode().partition("Sent once more by themselves")
    assert ("ben@fellshire.example" in needs, "ann@fellshire.example" in needs) == (True, False)
    assert "ambiguous" in needs
    assert "ann@fellshire.example" in twice
    assert "250 ok (sent once more by policy)" in twice
    assert cuttings("outbox", "list", "health 2026-11-02").stdout.count(b"(sent once more by policy)") == 2


def test_empty_lists_say_so(cuttings):
    assert b"There is no issue yet" in cuttings("issues").stdout
    assert b"No message needs you" in cuttings("outbox", "list").stdout
    assert b"No comment is held" in cuttings("quarantine", "list").stdout
