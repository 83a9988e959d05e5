"""What the tests of redaction share: read a page, take one reader out, read it again, compare."""

import parsers
from cuttings.edges.store.suppressed import folded_name
from cuttings.model import Page
from cuttings.redacted import Spoken, erased_key, holds, redact


def read(body, media_type, url="https://news.example/a"):
    return parsers.read([Page(url=url, body=body, media_type=media_type)])


def words_of(reading):
    return [
        w
        for a in reading.articles
        for w in (a.title, a.standfirst, *a.authors, a.author_bio, *a.paragraphs, *(s.text for s in a.subheads))
        if w
    ]


def same(name, other):
    return bool(name) and bool(other) and folded_name(name) == folded_name(other)


def without(body, media_type, name, url="https://news.example/a"):
    """The redacted page, its reading, and the reading of the page before."""
    before = read(body, media_type, url)
    spoken = [Spoken(c.key, c.author, c.author_url, c.text, same(c.author, name)) for c in before.comments]
    redacted = redact(body, media_type, spoken, words_of(before))
    return redacted, read(redacted, media_type, url), before


def faults(body, media_type, name, url="https://news.example/a"):
    """What is wrong with the page after `name` was taken out of it; nothing, as a rule."""
    redacted, after, before = without(body, media_type, name, url)
    text = redacted.decode("utf-8", "replace")
    found = []
    for a, b in zip(before.articles, after.articles, strict=True):
        if (a.title, a.paragraphs, a.authors, a.published) != (b.title, b.paragraphs, b.authors, b.published):
            found.append("the article changed")
    gone = {c.key for c in before.comments if same(c.author, name)}
    left = [(c.key, c.author, c.text, c.posted, c.n, c.parent) for c in before.comments if c.key not in gone]
    now = [(c.key, c.author, c.text, c.posted, c.n, c.parent) for c in after.comments if not erased_key(c.text)]
    if left != now:
        found.append(f"others changed: {set(left) ^ set(now)}")
    if {erased_key(c.text) for c in after.comments} - {None} != gone:
        found.append("a place is lost")
    others = "\n\n".join([c.text for c in before.comments if c.key not in gone] + words_of(before))
    for comment in before.comments:
        first = comment.text.split("\n\n")[0]
        if comment.key in gone and len(first) > 20 and holds(text, first) and not holds(others, first):
            found.append("the words are still there")
    if " " in name and holds(text, name, whole=True) and not holds(others, name, whole=True):
        at = text.find(name)
        found.append(f"the name is still there: {text[max(0, at - 100) : at + 50]!r}")
    return found
