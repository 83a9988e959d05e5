"""The flow `deliver` without its server: answers, deadlines, passwords, links; and the forms that `serve` registers."""

from dataclasses import replace
from datetime import date

import pytest

from cuttings.edges import ledger
from cuttings.edges.mail import unsubscribe_token
from cuttings.edges.store import issues, outbox, recipients
from cuttings.edges.store import usage as uses
from cuttings.model import BadConfiguration, Quotation, Words, when
from flows import place, prefect_home
from flows.house import open_house
from flows.stopped import ledger_file
from tests.edges_store.made import article, save
from tests.edges_store.test_issues import digest, item

ISSUE = "managers-2026-10-26-2026-11-01"
pytestmark = pytest.mark.usefixtures("anywhere")


@pytest.fixture
def inbox(home):
    for name in ("new", "cur", "tmp"):
        (home.folder / "mail" / name).mkdir(parents=True)
    home.write(council=(home.config / "council.toml").read_text() + f'inbox = "maildir:{home.folder / "mail"}"\n')
    return home.folder / "mail"


def answers(house):
    from flows import deliver

    return deliver.read_answers.fn(deliver.Wrapped(house))


def send(house):
    from flows import deliver

    return deliver.send_waiting.fn(deliver.Wrapped(house))


@pytest.mark.usefixtures("inbox")
def test_who_stops_by_mail_is_taken_off_and_told_once_a_day(home, inbox):
    with open_house() as house:
        recipients.take_in(house.store, "managers", ["anna@fellshire.example"], now=house.clock())
        token = unsubscribe_token("anna@fellshire.example", house.store.hash_key)
        for n in range(2):
            (inbox / "new" / f"{n}").write_text(f"From: anna@fellshire.example\nSubject: unsubscribe {token}\n\n")
        (inbox / "new" / "question").write_text("From: ben@fellshire.example\nSubject: M3?\n\nWhy?\n")
        returned = answers(house)
        assert (len(returned.stopped), returned.unread) == (2, 1)
        assert recipients.of_edition(house.store, "managers") == ()
        assert send(house).sent == 1
    (told,) = home.messages()
    assert told.name.startswith("anna@fellshire.example")
    assert "You get none from now on" in told.read_text()
    # Before the request counts as read, it is in the list that no backup can bring her back past.
    assert {(e.kind, e.scope) for e in ledger.read(ledger_file())} == {("stopped", ""), ("stopped", "managers")}


def test_stops_that_can_not_be_written_down_are_obeyed_and_written_down_later(home, inbox):
    """As where the list became root's, by `sudo ./run recipients stop`."""
    readers = [f"{name}@fellshire.example" for name in ("anna", "ben", "cai")]
    with open_house() as house:
        recipients.take_in(house.store, "managers", readers, now=house.clock())
        for address in readers:
            token = unsubscribe_token(address, house.store.hash_key)
            (inbox / "new" / address).write_text(f"From: {address}\nSubject: unsubscribe {token}\n\n")
        ledger_file().mkdir()
        returned = answers(house)
        assert sorted(returned.stopped) == readers
        assert "forgotten" in returned.failure
        assert recipients.of_edition(house.store, "managers") == ()
        assert not list((inbox / "new").iterdir())
        assert "forgotten" in answers(house).failure  # told once a day
        ledger_file().rmdir()
        assert answers(house).failure is None
        assert send(house).sent == 4
    assert len(ledger.read(ledger_file())) == 6
    messages = {p.name.partition("@")[0]: p.read_text().replace("=\n", "") for p in home.messages()}
    assert sorted(messages) == ["anna", "ben", "cai", "policy"]
    assert "would bring them back" in " ".join(messages["policy"].split())


def test_who_stopped_before_the_inbox_broke_off_is_in_the_list(home, inbox):
    with open_house() as house:
        recipients.take_in(house.store, "managers", ["anna@fellshire.example"], now=house.clock())
        token = unsubscribe_token("anna@fellshire.example", house.store.hash_key)
        (inbox / "new" / "1").write_text(f"From: anna@fellshire.example\nSubject: unsubscribe {token}\n\n")
        (inbox / "cur" / "1:2,S").mkdir()  # read and obeyed, it can't be marked as read
        assert "can't be read" in answers(house).failure
        assert send(house).sent == 2
    assert len(ledger.read(ledger_file())) == 2
    assert len(home.messages()) == 2


def test_an_inbox_that_can_not_be_read_stops_no_mail_and_is_told(home, inbox):
    (inbox / "new").rmdir()
    with open_house() as house:
        assert "must be a Maildir" in answers(house).failure
        answers(house)
        assert send(house).sent == 1
    (told,) = home.messages()
    assert told.name.startswith("policy@fellshire.example")


def test_a_password_that_others_can_read_is_not_used(home, monkeypatch):
    from flows.deliver import password

    assert password("CUTTINGS_X", "x-password") is None
    file = home.config / "x-password"
    file.write_text("secret\n")
    file.chmod(0o644)
    with pytest.raises(BadConfiguration, match="chmod 600"):
        password("CUTTINGS_X", "x-password")
    file.chmod(0o600)
    assert password("CUTTINGS_X", "x-password") == "secret"
    monkeypatch.setenv("CUTTINGS_X", "from outside")
    assert password("CUTTINGS_X", "x-password") == "from outside"


def sent_issue(house):
    issue, _ = issues.begin(house.store, "managers", date(2026, 10, 26), date(2026, 11, 1), now=house.clock())
    made = replace(digest(), edition="managers")
    issues.save(house.store, issue.id, made, [], now=house.clock())
    return issue


def test_the_proof_goes_to_editor_and_deputy_and_says_where_to_answer(home):
    from flows import deadlines, letters

    with open_house() as house:
        assert letters.editors(house, "managers") == [("policy@fellshire.example", "Morag Tennant")]
    council = (home.config / "council.toml").read_text()
    home.write(
        council=f'{council}editor = "ed@x.example"\ndeputy = "ED@x.example"\n[server]\nui_url = "https://c.example/p/"\n'
    )
    with open_house() as house:
        assert letters.editors(house, "managers") == [("ed@x.example", None)]  # one person, whatever their capitals
        issue = sent_issue(house)
        issues.move(
            house.store, issue.id, "awaiting approval", now=house.clock(), by="publish", expires=when("2026-11-20")
        )
        deadlines.keep(house, house.clock())
        deadlines.keep(house, house.clock())
        assert send(house).sent == 1
    (proof,) = home.messages()
    text = proof.read_bytes().replace(b"=\r\n", b"").decode()
    assert "open https://c.example/p/deployments" in text
    assert "./run approve" not in text


def test_an_issue_too_large_to_send_is_found_on_the_web():
    from flows.letters import public_link

    assert public_link(None, "/out/issues", "/out/issues/m/a.pdf") is None
    assert (
        public_link("https://x.example/c/", "/out/issues", "/out/issues/m/a b.pdf") == "https://x.example/c/m/a%20b.pdf"
    )
    assert public_link("https://x.example", "/out/issues", "/out/issues-of-others/a.pdf") is None


def test_what_was_sent_is_logged_with_its_readers(home):
    from flows import deliver, letters

    with open_house() as house:
        recipients.take_in(house.store, "managers", ["a@x.example", "b@x.example"], now=house.clock())
        issue = sent_issue(house)
        letters.release(house, issue.id, by="Ed", proved=False, reason=None, now=house.clock())
        assert deliver.log_usage(house, issue.id, house.clock()) == 0  # nobody has it yet
        assert send(house).sent == 2
        deliver.log_usage(house, issue.id, house.clock())
        assert uses.of_issue(house.store, issue.id) == ()  # it printed nothing
        assert len(outbox.who_had(house.store, issue.id)) == 2
    assert len(home.messages()) == 2


@pytest.mark.usefixtures("home")
def test_every_word_of_a_source_is_logged_as_used():
    """Its quotation, its figure's base and year, and the standfirst of a page that has no headline."""
    from flows import deliver, letters

    titled, bare = article("titled"), article("bare", title=None, standfirst="Nights that two homes share.")
    with open_house() as house:
        recipients.take_in(house.store, "managers", ["a@x.example"], now=house.clock())
        issue, _ = issues.begin(house.store, "managers", date(2026, 10, 26), date(2026, 11, 1), now=house.clock())
        items = (
            replace(
                item(titled),
                quotation=Quotation(titled.key, "text", 0, 8, "The team starts"),
                base=Words("of 40 people", "source"),
                year=Words("2025", "source"),
            ),
            replace(item(replace(bare, title="")), number="M2", headline=Words(bare.standfirst, "source")),
        )
        made = digest(titled)
        made = replace(made, sections=(replace(made.sections[0], items=items),))
        for one in (titled, bare):
            save(house.store, one)
        issues.save(house.store, issue.id, made, [], now=house.clock())
        letters.release(house, issue.id, by="Ed", proved=False, reason=None, now=house.clock())
        assert send(house).sent == 1
        assert deliver.log_usage(house, issue.id, house.clock()) == 2
        assert {use.article: use.words for use in uses.of_issue(house.store, issue.id)} == {titled.key: 7, bare.key: 5}


def test_missed_periods_are_those_since_the_mark_within_five_weeks():
    from flows.publish import missed

    newest = (date(2026, 10, 26), date(2026, 11, 1))
    assert missed("week", newest, None) == ()
    assert missed("week", newest, date(2026, 10, 25)) == ()
    assert missed("week", newest, date(2026, 11, 1)) == ()
    assert [d[0].day for d in missed("week", newest, date(2026, 10, 11))] == [12, 19]
    assert len(missed("week", newest, date(2025, 1, 5))) == 5
    month = (date(2026, 10, 1), date(2026, 10, 31))
    assert missed("month", month, date(2026, 7, 31)) == ((date(2026, 9, 1), date(2026, 9, 30)),)


@pytest.mark.usefixtures("home")
def test_the_forms_offer_choices_and_explain_themselves():
    from flows import serve

    made = {f"{d.flow_name}/{d.name}": d for d in serve.deployments(place.settings())}
    schema = made["publish/members"]._parameter_openapi_schema.properties
    assert schema["edition"]["enum"] == ["members", "managers"]
    assert schema["period"]["enum"][:2] == ["the last whole one", "the one before"]
    assert made["publish/managers"]._parameter_openapi_schema.properties["edition"]["enum"][0] == "managers"
    assert made["decide/remind and close"].parameters["decision"] == "keep deadlines"
    assert (
        "keep deadlines" not in made["decide/answer a proof"]._parameter_openapi_schema.properties["decision"]["enum"]
    )
    assert "strike" in made["decide/answer a proof"]._parameter_openapi_schema.properties["decision"]["enum"]
    for deployment in made.values():
        for name, field in deployment._parameter_openapi_schema.properties.items():
            assert field.get("description"), f"{deployment.flow_name}: {name} explains nothing"


def test_the_page_in_the_browser_asks_the_address_that_people_reach(home):
    assert "PREFECT_UI_API_URL" not in prefect_home.environment(place.settings(), {})
    council = (home.config / "council.toml").read_text()
    home.write(council=f'{council}[server]\nui_url = "https://c.example/"\n')
    assert prefect_home.environment(place.settings(), {})["PREFECT_UI_API_URL"] == "https://c.example/api"


def test_periods_may_be_named_from_the_day_of_the_run(home):
    from flows.publish import _days

    with open_house() as house:
        managers, members = house.settings.edition("managers"), house.settings.edition("members")
        assert _days(managers, "the one before", house.clock(), house.settings)[0] == date(2026, 10, 19)
        assert _days(members, "two before", house.clock(), house.settings)[0] == date(2026, 8, 1)
        assert _days(members, "2026-W44", house.clock(), house.settings)[0] == date(2026, 10, 26)
    assert home.messages() == []


def test_a_file_of_an_issue_is_a_link_whose_words_hold_no_markdown(home):
    from flows import letters

    home.write(council=(home.config / "council.toml").read_text() + 'public_url = "https://www.x.example/c"\n')
    with open_house() as house:
        line = letters.file_line(house, f"{house.output}/issues/m/a_[b]*c-2026-11-01.pdf")
    assert line == "- [a  b  c-2026-11-01.pdf](https://www.x.example/c/m/a_%5Bb%5D%2Ac-2026-11-01.pdf)"
