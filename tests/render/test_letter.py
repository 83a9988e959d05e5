"""The e-mail: subject, preview, HTML that needs no stylesheet, text that reads well."""

import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from cuttings.digest import officer_notice
from cuttings.model import Words
from cuttings.render import attachment, email_html, email_text, letter, notice_letter, subject
from cuttings.render.safe import mail_or_web
from tests.digest.corpus import MANAGERS, MEMBERS, digest, stories, story
from tests.render.documents import issue
from tests.render.test_html import contrast, read

BOTH = pytest.mark.parametrize("state", ["managers-week", "members-month"])
STOP = "mailto:stop@wexmoor.example?subject=stop"


def test_subjects_name_edition_period_and_counts():
    week, month = issue("managers-week"), replace(issue("members-month"), diary=issue("members-month").diary[:1])
    assert subject(week) == f"Cuttings for managers, 5–11 Oct 2026: 14 articles, {len(week.diary)} dates"
    assert subject(month) == "Cuttings for councillors, Oct 2026: 8 articles, 1 date"
    assert subject(issue("managers-one")).endswith("1 article, 0 dates")


def test_the_attachment_s_name_sorts_and_needs_no_quoting():
    assert attachment(issue("managers-week")) == "cuttings-for-managers-2026-10-11-issue-41.pdf"
    odd = MANAGERS.model_copy(update={"name": "Größe / ../../etc"})
    assert re.fullmatch(r"[a-z0-9-]+\.pdf", attachment(digest(odd)))


@BOTH
def test_html_needs_nothing_but_itself(state):
    seen = read(email_html(issue(state), unsubscribe=STOP))
    tags = [tag for tag, _ in seen.tags]
    assert not {"script", "img", "link"} & set(tags)
    assert {attrs["class"] for _, attrs in seen.tags if "class" in attrs} <= {"page", "sheet", "tint", "rule"}
    assert all(attrs.get("role") == "presentation" for tag, attrs in seen.tags if tag == "table")
    assert next(attrs for tag, attrs in seen.tags if tag == "html")["lang"] == "en-GB"
    for tag, attrs in seen.tags:
        if tag in ("p", "h1", "h2", "h3", "a"):
            assert attrs.get("style"), (tag, attrs)
        if tag == "a":
            assert mail_or_web(attrs["href"])


def styles(document):
    """What stands in the tags, as (property, value); the stylesheet is a matter of its own."""
    written = [attrs["style"] for _, attrs in read(document).tags if attrs.get("style")]
    return [tuple(part.split(":", 1)) for style in written for part in style.split(";") if part]


@BOTH
def test_the_stylesheet_has_dark_colours_and_nothing_else(state):
    (sheet,) = re.findall(r"<style>(.*?)</style>", email_html(issue(state)), re.DOTALL)
    rules = re.fullmatch(r"\s*@media \(prefers-color-scheme: dark\) \{(.*)\}\s*", sheet, re.DOTALL)
    assert rules
    assert set(re.findall(r"([\w-]+): [^;{}]+;", rules[1])) <= {"color", "background-color", "border-color"}
    dark = re.findall(r" (#[0-9a-f]{6}) !important", sheet)
    paper = ("#1d262e", "#2a3640")
    assert all(contrast(ink, p) >= 4.5 for ink in ("#e6ebef", "#9cc4ea") for p in paper)
    assert set(dark) == {"#12181e", *paper, "#e6ebef", "#9cc4ea"}


@pytest.mark.parametrize("state", ["managers-week", "members-month", "managers-200", "members-200"])
def test_what_outlook_and_gmail_ask_of_html(state):
    document = email_html(issue(state), unsubscribe=STOP)
    assert len(document.encode()) < 102_000  # Gmail cuts off what is longer
    used = styles(document)
    assert not {"position", "float", "background-image", "background", "flex", "width", "height"} & {k for k, _ in used}
    assert not [v for k, v in used if k == "display" and v != "none"]
    assert document.count("<!--[if mso]>") == document.count("<![endif]-->")
    assert "url(" not in document


@BOTH
def test_colours_of_the_letter_are_aa(state):
    used = styles(email_html(issue(state), unsubscribe=STOP))
    inks = {v for k, v in used if k == "color"}
    papers = {v for k, v in used if k == "background-color"}
    assert {"#ffffff", "#eef2f5"} == papers
    assert all(contrast(ink, paper) >= 4.5 for ink in inks for paper in papers)
    assert min(int(v.removesuffix("px")) for k, v in used if k == "font-size" and v != "1px") >= 14


def test_the_preview_line_is_hidden_and_followed_by_nothing():
    held = letter(issue("members-month"))
    body = held.html[held.html.index("<body") :]
    style, text = re.search(r'<div style="([^"]*)">(.*?)</div>', body, re.DOTALL).groups()
    assert "display:none" in style
    assert "mso-hide:all" in style
    assert text.startswith(held.preview)
    assert set(text[len(held.preview) :].replace("&#847;&zwnj;&nbsp;", "")) == set()


def test_members_get_the_whole_edition_and_managers_its_front():
    members, managers = read(email_html(issue("members-month"))).text, read(email_html(issue("managers-week"))).text
    for item in issue("members-month").items:
        assert " ".join(item.headline.text.split()) in members
        assert all(q.printed in members for q in item.quotations)
    for section in issue("members-month").sections:
        assert section.question is None or section.question.text in members
    for entry in issue("members-month").explained:
        assert entry.words.text in members
    for item in issue("managers-week").items:
        assert " ".join(item.headline.text.split()) in managers
    assert not any(i.quotation.printed in managers for i in issue("managers-week").items if i.quotation)


@BOTH
def test_text_reads_well(state):
    text = email_text(issue(state), unsubscribe=STOP)
    assert "\n\n\n" not in text
    assert not [line for line in text.splitlines() if line != line.strip()]
    flowed = " ".join(text.split())
    for item in issue(state).items:
        assert " ".join(item.headline.text.split()) in flowed
        assert item.url in text.splitlines()
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 72
    assert "01632 960 441" in text
    assert text.endswith(f"Stop these e-mails: {STOP}\n")
    assert "<" not in text
    assert "&#" not in text


def test_an_article_keeps_its_marks_in_every_list():
    text = read(email_html(issue("managers-week"))).text
    for item in issue("managers-week").items:
        assert all(mark.label.upper() in text for mark in item.marks)
    members = read(email_html(issue("members-month"))).text
    assert all(copy.source in members for item in issue("members-month").items for copy in item.also_in)


def test_a_preview_says_what_the_subject_does_not():
    held = letter(issue("members-month"))
    assert held.preview.startswith("One gives one person’s view.")
    assert read(held.html).text.index(held.preview) < read(held.html).text.index("In brief")


def test_without_attachment_it_does_not_promise_one():
    assert "attached" in email_text(issue("managers-week"))
    assert "attached" not in email_text(issue("managers-week"), attached=False)
    assert "attached" not in email_html(issue("managers-week"), attached=False)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "mailto:a@b.example?bcc=x@y.example", "mailto:a@b\r\nBcc: x", None]
)
def test_an_address_to_stop_is_mail_or_web(address):
    assert "Stop these" not in email_html(issue("managers-one"), unsubscribe=address)


def test_headers_can_t_be_injected_by_a_headline():
    held = story("x", "gazette", "A\r\nBcc: evil@example.com", "A paragraph.", theme="carers")
    sent = letter(digest(MEMBERS, (held,)))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = sent.subject
    message.set_content(sent.text)
    message.add_alternative(sent.html, subtype="html")
    assert message.keys().count("Bcc") == 0
    assert "\n" not in sent.subject + sent.preview + sent.attachment


def test_a_notice_ends_with_one_full_stop():
    held = replace(
        issue("members-month"), notices=(Words("By permission.", "configuration"), Words("OGL", "configuration"))
    )
    assert "By permission. OGL. " in email_html(held) + " "
    assert ".." not in read(email_html(held)).text


def test_a_notice_is_plain_text():
    held = notice_letter(officer_notice(digest(held=())))
    assert "no issue" in held.subject
    assert held.html == ""
    assert held.text.endswith("\n")


def test_the_short_form_is_short():
    one = email_text(digest(MEMBERS, stories()[:1]))
    assert len(one.split()) < 120
