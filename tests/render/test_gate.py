"""The quick checks before sending: silent on good issues, a sentence for every fault."""

from dataclasses import replace

import pytest

from cuttings import model
from cuttings.render import check, hopeless, html, pdf_from_html
from cuttings.render.safe import web
from tests.digest.corpus import MANAGERS, digest, many, stories
from tests.render.documents import STATES, issue, pdf

ARTICLES = {held.article.key: held.article for s in stories() for held in s.articles}


def faults(state="managers-week", *, of=None, page=None, data=None, **more):
    held = of or issue(state)
    return check(held, html(issue(state)) if page is None else page, pdf(state) if data is None else data, **more)


@pytest.mark.parametrize("state", STATES)
def test_a_good_issue_has_no_fault(state):
    assert faults(state) == ()


def test_quotes_are_looked_up_in_their_sources():
    assert faults(articles=ARTICLES) == ()
    key = next(i.article for i in issue("managers-week").items if i.quotation)
    forged = {**ARTICLES, key: replace(ARTICLES[key], paragraphs=("Something else altogether.",))}
    assert any("its source does not have" in fault for fault in faults(articles=forged))
    assert any("its source does not have" in fault for fault in faults(articles={}))


def test_readers_words_are_looked_up_in_their_comments():
    held = issue("managers-week")
    first = held.sections[0]
    item = replace(first.items[0], voices=(model.Words("Nobody has ever said this.", "source"),))
    wrong = replace(held, sections=(replace(first, items=(item, *first.items[1:])), *held.sections[1:]))
    assert faults(articles=ARTICLES, stories=stories()) == ()
    assert any("no comment that may be quoted" in f for f in faults(of=wrong, articles=ARTICLES, stories=stories()))


def test_two_items_of_one_number():
    held = issue("managers-week")
    first, *others = held.items
    same = tuple(replace(s, items=tuple(replace(i, number=first.number) for i in s.items)) for s in held.sections)
    assert others
    assert "Two items share a number." in faults(of=replace(held, sections=same))


def test_an_issue_that_shows_nothing():
    page = html(issue("managers-one"), medium="print")
    hidden = pdf_from_html(page.replace("</style>", "main { display: none }</style>", 1))
    assert "The PDF shows 0 links, and 1 items have one." in faults("managers-one", data=hidden)
    number = issue("managers-one").items[0].number
    gone = html(issue("managers-one")).replace(f'id="{number}"', 'id="x"')
    assert f"The HTML does not hold {number}." in faults("managers-one", page=gone)


def test_a_sum_that_does_not_add_up():
    wrong = replace(issue("managers-week"), audit=replace(issue("managers-week").audit, pages_in=99))
    assert any("pages: 99 in" in fault for fault in faults(of=wrong))


def test_words_and_emptiness():
    long = replace(issue("managers-week"), budget=10)
    assert any("words, its edition allows 10" in fault for fault in faults(of=long))
    assert "The issue is empty." in faults(of=replace(issue("managers-week"), empty=True))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lang="en-GB"', "", "no language"),
        ("<title>", "<nottitle>", "no title"),
        ("<h1", "<h2", "0 main headings"),
        ('<main id="digest">', '<main id="digest"><a href="javascript:alert(1)">x</a>', "no web address: javascript"),
        ('<main id="digest">', '<main id="digest"><a href="#nowhere">x</a>', "no web address: #nowhere"),
        ('<main id="digest">', '<main id="digest"><img src="https://x.example/1.png">', "would load something"),
        ('<main id="digest">', '<main id="digest"><script>1</script>', "would load something"),
        ('<main id="digest">', '<main id="digest"><p onclick="1">', "would load something"),
    ],
)
def test_faults_of_the_html(old, new, said):
    page = html(issue("managers-week")).replace(old, new, 1)
    assert any(said in fault for fault in faults(page=page))


def test_only_what_can_never_fit_is_not_even_laid_out():
    assert not any(hopeless(issue(state)) for state in STATES)  # each of them fits its pages
    long = MANAGERS.model_copy(update={"budget_words": 3000, "most_items": 60})
    assert hopeless(digest(long, many(200)))


def test_faults_of_the_pdf():
    assert faults(data=b"hello") == ("The PDF is no PDF.",)
    assert any("not tagged" in fault for fault in faults(data=b"%PDF-1.7\n"))
    bad = pdf("managers-one") + b"\n/URI (javascript:alert\\(1\\))\n/JavaScript \n"
    found = faults("managers-one", data=bad)
    assert any("no web address: javascript" in fault for fault in found)
    assert any("active: /JavaScript" in fault for fault in found)
    members = issue("members-month")
    assert any("its edition allows 2" in f for f in check(members, html(members), pdf("managers-200")))


def test_a_link_licence_with_words_is_a_fault():
    held = issue("managers-week")
    first = held.sections[0]
    item = replace(first.items[0], licence="link")
    wrong = replace(held, sections=(replace(first, items=(item, *first.items[1:])), *held.sections[1:]))
    assert any("licence allows a link alone" in fault for fault in faults(of=wrong, articles=ARTICLES))


def test_a_budget_too_small_for_one_story_is_refused_here():
    tiny = digest(MANAGERS.model_copy(update={"budget_words": 100}))
    assert any("its edition allows 100" in f for f in check(tiny, html(tiny), pdf("managers-one")))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " \x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd", "//host/path",
        "ftp://host/x", "http://", "https:///x", "http://user:pw@host/", "http://[oops",
        "http://host:99999/", "vbscript:x", "mailto:a@b.example", "", None, "https://h/" + "x" * 3000,
        "https://h/\u202ecod.exe", "http://ho st/", "about:blank",
    ],
)  # fmt: skip
def test_no_address_but_http(address):
    assert web(address) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://paper.example/a?b=c&d=e#f", "https://paper.example/a?b=c&d=e#f"),
        ('https://paper.example/"><script>', "https://paper.example/%22%3E%3Cscript%3E"),
        ("http://paper.example:8080/é", "http://paper.example:8080/%C3%A9"),
        ("https://paper.example/100%25", "https://paper.example/100%25"),
    ],
)
def test_web_addresses_stay(address, expected):
    assert web(address) == expected


def test_audit_type_is_the_model_s():
    assert isinstance(issue("managers-week").audit, model.Audit)
