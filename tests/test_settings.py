"""What a person types: merged by id, checked once, and every fault named with its file and key."""

from datetime import date
from pathlib import Path

import pytest

from cuttings import settings_files
from cuttings.model import when
from cuttings.settings import BadConfiguration, load

HOME = Path(__file__).resolve().parent.parent


def written(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


SOURCE = '[[source]]\nid = "moor-news"\nname = "Moor News"\nurl = "https://moor.example/feed/"\n'


def test_what_we_ship_is_valid():
    settings = load([HOME / "config" / "default"])
    assert {e.id for e in settings.editions} == {"managers", "members"}
    assert len(settings.themes) == 15
    assert settings.council.timezone == "Europe/London"
    assert len(settings.council.glossary) >= 40


def test_the_deployer_changes_one_key_and_keeps_the_rest(tmp_path):
    ours = written(tmp_path / "default", sources=SOURCE)
    theirs = written(tmp_path / "local", sources='[[source]]\nid = "moor-news"\nweight = 2.0\n')
    (source,) = load([ours, theirs]).sources
    assert (source.name, source.weight) == ("Moor News", 2.0)


@pytest.mark.parametrize("off", ["false", '"false"', "0"])
def test_a_source_can_be_taken_out(tmp_path, off):
    ours = written(tmp_path / "default", sources=SOURCE)
    theirs = written(tmp_path / "local", sources=f'[[source]]\nid = "moor-news"\nenabled = {off}\n')
    assert load([ours, theirs]).sources == ()


def test_a_term_of_the_glossary_can_be_taken_out(tmp_path):
    ours = written(tmp_path / "default", glossary='[council.glossary]\nCQC = "the inspector"\nDoLS = "safeguards"\n')
    theirs = written(tmp_path / "local", council='[council]\nglossary = { CQC = "" }\n')
    assert dict(load([ours, theirs]).council.glossary) == {"DoLS": "safeguards"}


def test_tables_in_tables_are_merged_key_by_key(tmp_path):
    ours = written(tmp_path / "default", sources=SOURCE + 'licence = { mode = "excerpt", words = 80 }\n')
    theirs = written(tmp_path / "local", sources='[[source]]\nid = "moor-news"\nlicence = { words = 40 }\n')
    (source,) = load([ours, theirs]).sources
    assert (source.licence.mode, source.licence.words) == ("excerpt", 40)


def test_every_table_can_be_written(tmp_path):
    text = """
[council]
name = "Fellshire"
[delivery]
port = 25
[storage]
output = "somewhere"
[schedule]
collect = "0 6 * * *"
[server]
port = 4201
"""
    settings = load([written(tmp_path / "local", council=text)])
    assert settings.council.name == "Fellshire"
    assert (settings.delivery.port, settings.server.port) == (25, 4201)
    assert settings.storage.output == Path("somewhere")
    assert settings.schedule.collect == "0 6 * * *"


@pytest.mark.parametrize("cron", ["* * * * *", "0 7 * * MON", "*/15 6-18 1,15 JAN-MAR 1-5", "0 0 1 * *", "5 4 * * 7"])
def test_cron_lines_of_every_kind(tmp_path, cron):
    text = f'[[edition]]\nid = "m"\nname = "M"\naudience = "members"\ncron = "{cron}"\n'
    (edition,) = load([written(tmp_path / "local", editions=text)]).editions
    assert edition.cron == cron


def test_a_folder_that_is_not_there_is_no_fault(tmp_path):
    assert load([tmp_path / "nowhere"]).sources == ()


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("sources", "[[source]\n", "is not valid TOML"),
        ("sources", '[[source]]\nname = "No id"\n', "has no 'id'"),
        ("sources", SOURCE + SOURCE, "stands there twice"),
        ("sources", '[source]\nid = "x"\n', "two brackets"),
        ("sources", '[[sauce]]\nid = "x"\n', "unknown table 'sauce'. Did you mean 'source'? Allowed here: source"),
        ("sources", SOURCE + 'colour = "red"\n', "Allowed keys: id, name, method"),
        ("sources", '[[source]]\nid = "x"\nname = "X"\nurl = "ftp://x.example"\n', "http:// or https://"),
        ("sources", '[[source]]\nid = "x"\nurl = "https://x.example"\n', "key 'name': is missing"),
        ("sources", SOURCE + 'method = "carrier pigeon"\n', "'feed', 'sitemap'"),
        ("sources", SOURCE + 'method = "list"\n', "needs 'selector'"),
        ("sources", SOURCE + 'licence = { mode = "excerpt" }\n', "needs 'words'"),
        ("sources", SOURCE + 'family = "geocities"\n', "there is no family 'geocities'. Known families: wordpress"),
        ("sources", SOURCE.replace("moor-news", "Moor News"), "lower-case letters"),
        ("themes", '[[theme]]\nid = "t"\nname = "T"\ndescription = "d"\nphrases = ["*"]\n', "no word in it"),
        ("editions", '[[edition]]\nid = "m"\nname = "M"\naudience = "mayors"\n', "'managers' or 'members'"),
        ("editions", '[[edition]]\nid = "m"\nname = "M"\naudience = "members"\ncron = "monthly"\n', "five cron fields"),
        (
            "editions",
            '[[edition]]\nid = "m"\nname = "M"\naudience = "members"\nthemes = ["x"]\n',
            "there is no theme 'x'",
        ),
        ("editions", '[[edition]]\nid = "m"\nname = "M"\naudience = "members"\ncron = "99 25 * * XYZ"\n', "five cron"),
        ("editions", '[[edition]]\nid = "m"\nname = "M"\naudience = "members"\ntemplate = "../etc"\n', "lower-case"),
        ("sources", SOURCE + 'method = "pages"\npages = ["http://a b"]\n', "http:// or https://"),
        ("council", '[council]\ncontact_email = "m\u00fcller@fellshire.example"\n', "plain letters"),
        ("council", '[delivery]\nsender = "a@council..example"\n', "e-mail address"),
        ("council", '[delivery]\nsender = "a@council_x.example"\n', "e-mail address"),
        ("council", '[council]\ntimezone = "Fellshire"\n', "time zone"),
        ("council", '[council]\ncontact_email = "nobody"\n', "e-mail address"),
        ("council", '[council]\nname = "Fell\\nshire"\n', "single line"),
        ("council", '[delivery]\nambiguous = "resend"\n', "'hold' or 'resend-once'"),
        ("council", '[schedule]\nremind = "hourly"\n', "cron"),
        ("council", "[delivery]\nport = 99999\n", "less than or equal to 65535"),
        ("council", "[retention]\nname_days = 30\npage_days = 31\n", "the pages show the names"),
        ("council", "[retention]\nname_days = 0\n", "greater than 0"),
        ("council", '[schedule]\nretention = "daily"\n', "five cron"),
        ("council", '[delivery]\ninbox = "imaps://me:secret@mail.council.example/INBOX"\n', "without a password"),
        ("council", '[delivery]\ninbox = "imap://me@mail.council.example/INBOX"\n', "imaps://user@host/INBOX"),
        ("council", '[delivery]\ninbox = "/var/mail/me"\n', "maildir:/path"),
        ("council", '[delivery]\nunsubscribe_url = "http://council.example/stop"\n', "https://"),
        ("council", '[delivery]\ndeputy = "nobody"\n', "e-mail address"),
        ("editions", '[[edition]]\nid = "m"\nname = "M"\naudience = "members"\nanswer_days = 0\n', "greater than 0"),
    ],
)
def test_a_fault_names_the_file_and_what_is_allowed(tmp_path, file, text, says):
    with pytest.raises(BadConfiguration) as fault:
        load([written(tmp_path / "local", **{file: text})], families=("wordpress", "umbraco"))
    assert str(tmp_path / "local" / f"{file}.toml") in str(fault.value)
    assert says in str(fault.value)


@pytest.mark.parametrize(
    "inbox",
    ["maildir:/var/mail/cuttings", "imaps://me@mail.council.example:993/Lists/Cuttings", "imap://me@127.0.0.1:1"],
)
def test_where_answers_are_read(tmp_path, inbox):
    assert load([written(tmp_path / "local", council=f'[delivery]\ninbox = "{inbox}"\n')]).delivery.inbox == inbox


def test_every_fault_is_told_at_once(tmp_path):
    text = SOURCE + "weight = -1\nsince_days = -5\n"
    with pytest.raises(BadConfiguration) as fault:
        load([written(tmp_path / "local", sources=text)])
    assert len(str(fault.value).splitlines()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000 + "a = 1\n",
        "[" + "a . " * 100_000 + "a]\n",
        "\"a\".'b'." * 100_000 + "a = 1\n",
        "x = {" + "a." * 100_000 + "a = 1}\n",
    ],
)
def test_a_key_without_end_is_refused_and_not_read(tmp_path, text):
    (tmp_path / "council.toml").write_text(text)
    with pytest.raises(BadConfiguration, match="a key of more than 100 parts"):
        settings_files.read(tmp_path / "council.toml")


@pytest.mark.parametrize("text", ["a" * 1_000_000, '"' * 10_000, "a.b.c." * 16, "...." * 10_000, "- " * 100_000])
def test_other_odd_text_in_a_value_is_no_such_key(tmp_path, text):
    (tmp_path / "council.toml").write_text(f"x = '''{text}'''\n[y.'a b'.\"c\"]\n")
    assert settings_files.read(tmp_path / "council.toml")["x"] == text


def test_a_file_that_is_not_utf8(tmp_path):
    folder = written(tmp_path / "local")
    (folder / "council.toml").write_bytes(b'[council]\nname = "Caf\xe9shire"\n')
    with pytest.raises(BadConfiguration, match="is not UTF-8"):
        load([folder])


def test_asking_for_what_is_not_there_names_what_is():
    settings = load([HOME / "config" / "default"])
    with pytest.raises(BadConfiguration, match="Known editions: managers, members"):
        settings.edition("mayors")
    with pytest.raises(BadConfiguration, match="Known sources: "):
        settings.source("nowhere")


def test_a_pre_election_period_holds_on_its_first_and_last_day(tmp_path):
    ours = written(tmp_path / "default", council='[council]\npre_election = ["2027-03-22..2027-05-06"]\n')
    council = load([ours]).council
    assert council.before_election(date(2027, 3, 22))
    assert council.before_election(date(2027, 5, 6))
    assert not council.before_election(date(2027, 3, 21))
    assert not council.before_election(date(2027, 5, 7))
    # By the council's own clock: half past eleven in the evening there, and half past midnight.
    assert council.in_pre_election(when("2027-05-06T22:30:00+00:00"))
    assert not council.in_pre_election(when("2027-05-06T23:30:00+00:00"))
    assert council.in_pre_election(when("2027-03-21"), when("2027-03-23"))
    assert not council.in_pre_election(when("2027-03-21"), when("2027-05-08"))


@pytest.mark.parametrize("days", ["2027-05-06", "2027-05-06..2027-03-22", "spring..summer"])
def test_a_pre_election_period_that_is_none_is_told(tmp_path, days):
    ours = written(tmp_path / "default", council=f'[council]\npre_election = ["{days}"]\n')
    with pytest.raises(BadConfiguration, match="pre_election"):
        load([ours])


def test_a_theme_that_is_not_live_is_a_draft(tmp_path):
    draft = '[[theme]]\nid = "gardens"\nname = "Gardens"\ndescription = "."\nphrases = ["allotment!"]\nlive = false\n'
    settings = load([HOME / "config" / "default", written(tmp_path / "local", themes=draft)])
    assert [t.id for t in settings.drafts] == ["gardens"]
    assert len(settings.themes) == 15
    edition = '[[edition]]\nid = "managers"\nthemes = ["gardens"]\n'
    with pytest.raises(BadConfiguration, match="there is no theme 'gardens'"):
        load([HOME / "config" / "default", written(tmp_path / "local", themes=draft, editions=edition)])


def test_how_long_names_and_pages_are_kept(tmp_path):
    assert (load([]).retention.name_days, load([]).retention.page_days) == (90, 90)
    text = "[retention]\nname_days = 60\nquarantined_days = 7\nunruled_days = 14\npage_days = 45.5\nprefect_days = 5\n"
    kept = load([written(tmp_path / "local", council=text)]).retention
    days = (kept.name_days, kept.quarantined_days, kept.unruled_days, kept.page_days, kept.prefect_days)
    assert days == (60, 7, 14, 45.5, 5)


def test_readers_words_have_a_term_only_where_one_is_set(tmp_path):
    (tmp_path / "council.toml").write_text("")
    assert load([tmp_path]).retention.comment_text_days is None
    (tmp_path / "council.toml").write_text("[retention]\ncomment_text_days = 400\n")
    assert load([tmp_path]).retention.comment_text_days == 400
    (tmp_path / "council.toml").write_text("[retention]\ncomment_text_days = 60\n")
    with pytest.raises(BadConfiguration, match="the pages show the words"):
        load([tmp_path])


def test_when_the_contact_officer_hears_how_it_goes(tmp_path):
    assert load([HOME / "config" / "default"]).schedule.health == "0 8 * * MON"
    (tmp_path / "council.toml").write_text('[schedule]\nhealth = "0 9 * * FRI"\nfailing_days = 1.5\n')
    schedule = load([tmp_path]).schedule
    assert (schedule.health, schedule.failing_days) == ("0 9 * * FRI", 1.5)
    (tmp_path / "council.toml").write_text("[schedule]\nfailing_days = 0\n")
    with pytest.raises(BadConfiguration, match="failing_days"):
        load([tmp_path])


def test_sources_have_a_run_each_only_where_somebody_says_so(tmp_path):
    assert load([HOME / "config" / "default"]).schedule.apart is False
    (tmp_path / "council.toml").write_text("[schedule]\nper_source = true\n")
    assert load([tmp_path]).schedule.apart is True
    (tmp_path / "council.toml").write_text('[schedule]\nwork_pool = "machines"\n')
    assert load([tmp_path]).schedule.apart is True
    (tmp_path / "council.toml").write_text('[schedule]\nwork_pool = "a/b"\n')
    with pytest.raises(BadConfiguration, match="work_pool"):
        load([tmp_path])


# ---------------------------------------------------------------- a source's selectors


def source_with(tmp_path, more):
    return load([written(tmp_path / "local", sources=SOURCE + more)]).sources[0]


def test_a_source_brings_selectors_of_its_own_the_newest_design_first(tmp_path):
    source = source_with(
        tmp_path, '[[source.page]]\nbody = "main > .x6:has(p)"\n[[source.page]]\nbody = "td.copy"\ntitle = "td.lead"\n'
    )
    newest, eldest = source.designs
    assert (newest.body, newest.title) == ("main > .x6:has(p)", None)
    assert (eldest.body, eldest.title) == ("td.copy", "td.lead")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[source.page]]\nbody = "div..story"\n', "'div..story' is not a CSS selector"),
        ('[[source.page]]\nbody = "p::before"\n', "picks no element of a page"),
        ('[[source.page]]\ndate = ".when"\n', "need 'body', 'title' or 'comments'"),
        ('[[source.page]]\ncopy = ".when"\n', "key 'page.0.copy'"),
        ('method = "list"\nselector = "ul >> a"\n', "'ul >> a' is not a CSS selector"),
        ('method = "list"\nselector = "a"\nnext_selector = "a["\n', "'a[' is not a CSS selector"),
        ('method = "list"\n', "needs 'selector'"),
        ('method = "pages"\n', "needs 'pages'"),
    ],
)
def test_what_is_wrong_with_a_sources_selectors_is_said(tmp_path, more, said):
    with pytest.raises(BadConfiguration) as error:
        source_with(tmp_path, more)
    assert said in str(error.value)
    assert "sources.toml: source 'moor-news'" in str(error.value)


@pytest.mark.parametrize("zone", ["Europe", "x" * 5000, "../../etc/passwd", "Mars/Olympus"])
def test_what_is_no_time_zone_is_told(tmp_path, zone):
    folder = written(tmp_path / "local", council=f'[council]\ntimezone = "{zone}"\n')
    with pytest.raises(BadConfiguration, match="key 'timezone': must be a time zone such as Europe/London"):
        load([folder])
