"""Whatever was published: every printed word has its source, licences hold, nobody who commented is named."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from cuttings import model
from cuttings.digest.printed import lines
from cuttings.render import html, letter
from tests.digest.corpus import MANAGERS, MEMBERS, SOURCES, Licence, digest, stories, story

EDITIONS = st.sampled_from((MANAGERS, MEMBERS))
ORIGINS = {"source", "configuration", "count", "editor"}
PICKED = st.sets(st.integers(0, 13), min_size=1)
LETTERS = st.text("ab Zé.,–’\"'<>&{}%\n\x00\u202e=1", max_size=60)


def held(picked):
    return tuple(s for n, s in enumerate(stories()) if n in picked)


@settings(max_examples=15, deadline=None)
@given(EDITIONS, PICKED, st.integers(100, 900))
def test_every_printed_word_comes_from_one_of_four_places(edition, picked, budget):
    chosen = held(picked)
    issue = digest(edition.model_copy(update={"budget_words": budget}), chosen)
    articles = {copy.article.key: copy.article for s in chosen for copy in s.articles}
    fields = {
        key: {"text": a.text, "standfirst": a.standfirst or "", "title": a.title or ""} for key, a in articles.items()
    }
    assert {line.origin for line in lines(issue)} <= ORIGINS
    assert all(line.by for line in lines(issue) if line.origin == "editor")
    quoted = [q for item in issue.items for q in item.quotations] + [d.quotation for d in issue.diary if d.quotation]
    for quotation in quoted:
        assert fields[quotation.article][quotation.field][quotation.start : quotation.end] == quotation.text


@settings(max_examples=15, deadline=None)
@given(EDITIONS, st.integers(1, 120), st.sampled_from(("link", "excerpt", "full")))
def test_no_licence_is_overdrawn(edition, limit, mode):
    licence = Licence(mode=mode, **({"words": limit} if mode == "excerpt" else {}))
    sources = {key: source.model_copy(update={"licence": licence}) for key, source in SOURCES.items()}
    issue = digest(edition, sources=sources)
    taken = dict[str, int]()
    for quotation in [q for i in issue.items for q in i.quotations] + [d.quotation for d in issue.diary if d.quotation]:
        taken[quotation.article] = taken.get(quotation.article, 0) + len(quotation.text.split())
    if mode == "link":
        assert not taken
    elif mode == "excerpt":
        assert max(taken.values(), default=0) <= limit


@settings(max_examples=15, deadline=None)
@given(st.text("abcdefgh", min_size=7, max_size=12), st.booleans())
def test_nobody_who_commented_is_named(letters, quoting):
    name = f"Xq{letters}"  # no word of ours
    said = "We waited eleven weeks for the first visit and were told nothing."
    one = story(
        "t", "gazette", "Waiting", "A report on waiting was published.", theme="carers", comments=2, quotable=said
    )
    named = replace(
        one, comments=tuple(replace(j, comment=replace(j.comment, author=name, author_url=name)) for j in one.comments)
    )
    issue = digest(MANAGERS.model_copy(update={"quote_comments": quoting}), (named,))
    assert (said in html(issue)) == quoting
    mail = letter(issue)
    for printed in (json.dumps(model.as_json(issue)), html(issue), mail.html, mail.text, mail.subject):
        assert name not in printed


class _Shape(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, *sorted(name for name, _ in attrs)))
        self.links |= {value for name, value in attrs if name in ("href", "src")}


def shape(document):
    found = _Shape()
    found.feed(document)
    return found


@settings(max_examples=20, deadline=None)
@given(LETTERS, LETTERS, st.text(max_size=40))
def test_text_of_the_web_makes_no_tag_no_attribute_and_no_address(title, paragraph, name):
    def issue(title, paragraph, name):
        sentence = f"{paragraph} A plain sentence about recruitment stands here for balance."
        url = "https://gazette.example/one"
        return digest(MANAGERS, (story("t", "gazette", title, sentence, authors=(name,), theme="workforce", url=url),))

    plain, odd = (issue("A title", "A paragraph.", "A Name"), issue(f"A {title}", paragraph, f"A {name}"))
    for make in (html, lambda one: letter(one).html):
        benign, hostile = shape(make(plain)), shape(make(odd))
        # Fewer, where nothing is left of a sentence to quote; never another.
        assert {tag[0] for tag in hostile.tags} <= {tag[0] for tag in benign.tags}
        assert not [tag for tag in hostile.tags if any(attribute.startswith("on") for attribute in tag[1:])]
        assert all(re.match(r"https?://|mailto:|#|data:(image|font)/", link or "#") for link in hostile.links)


@settings(max_examples=15, deadline=None)
@given(EDITIONS, PICKED, st.randoms())
def test_the_same_stories_make_the_same_issue_in_whatever_order_they_come(edition, picked, random):
    chosen = list(held(picked))
    before = model.as_json(digest(edition, tuple(chosen)))
    random.shuffle(chosen)
    assert model.as_json(digest(edition, tuple(chosen))) == before
