"""A site before and after a redesign of its pages, which no family knows: read by the source's own selectors."""

import json
from dataclasses import asdict

import pytest

import parsers
from cuttings.edges.store import addresses, articles, judged
from cuttings.model import Page, PageDesign, Unreadable
from flows.house import open_house
from flows.reading import Line
from flows.rereading import UNCHANGED, read_again
from tests.flows import press as paper
from tests.flows.press import Story

WORDS = (
    "The day centre at {0} opened its doors again on Monday after nine months of repairs to the roof and the kitchen.",
    "Sixty people had been going to the hall across the river, where there is no lift and the toilets are upstairs.",
    "The county says that the work cost less than was feared, and that the lease of the hall ends in the spring.",
)

OLD = """<html><head><title>Valley Care Weekly</title></head><body>
<table><tr><td class=lead>{title}</td></tr><tr><td class=sub>The roof holds, {place} says.</td></tr>
<tr><td class=who>by Ann Lister</td></tr><tr><td class=when>3 March 2026</td></tr>
<tr><td class=copy>{body}</td></tr></table>
<table class=letters>{remarks}</table></body></html>"""
OLD_REMARK = "<tr class=letter><td><i>{who}</i> <u>{day} March 2026, 9.15</u><div class=says>{text}</div></td></tr>"

NEW = """<html><head><title>Valley Care Weekly</title></head><body><div class=x1>
<div class=x2>{title}</div><div class=x3>The roof holds, {place} says.</div>
<div class=x4><span>Ann Lister</span><span class=x5>3 March 2026</span></div><div class=x6>{body}</div>
<div class=x7>{remarks}</div></div></body></html>"""
NEW_REMARK = "<div class=x8><b>{who}</b><em>{day} March 2026, 9.15</em><div class=x9>{text}</div></div>"

BEFORE = PageDesign(
    body="td.copy", title="td.lead", standfirst="td.sub", author="td.who", date="td.when", comments="tr.letter",
    comment_author="i", comment_date="u", comment_text=".says",
)  # fmt: skip
AFTER = PageDesign(
    body=".x1 > .x6", title=".x2", standfirst=".x3", author=".x4 span:first-child", date=".x5", comments=".x7 > .x8",
    comment_author=".x8 > b", comment_date=".x8 > em", comment_text=".x9",
)  # fmt: skip
SAID = (("Bo Dahl", 4, "My mother is glad to be back."), ("Cy Ek", 5, "And who pays for the bus? 4 March was late."))


def page(place="Ling", design=NEW, remark=NEW_REMARK):
    remarks = "".join(remark.format(who=who, day=day, text=text) for who, day, text in SAID)
    body = "".join(f"<p>{words.format(place)}</p>" for words in WORDS)
    html = design.format(title=f"A roof over {place}", place=place, body=body, remarks=remarks)
    return Page(f"https://valley.example/{place.lower()}", html.encode())


@pytest.mark.parametrize(("design", "remark"), [(OLD, OLD_REMARK), (NEW, NEW_REMARK)])
def test_both_designs_say_the_same(design, remark):
    reading = parsers.read([page(design=design, remark=remark)], designs=(AFTER, BEFORE))
    (article,) = reading.articles
    assert (article.title, article.standfirst) == ("A roof over Ling", "The roof holds, Ling says.")
    assert (article.authors, article.published) == (("Ann Lister",), "2026-03-03")
    assert article.paragraphs == tuple(words.format("Ling") for words in WORDS)
    assert article.repairs == ()
    said = [(c.author, c.posted[:16], c.text) for c in reading.comments]
    assert said == [(who, f"2026-03-0{day}T09:15", text) for who, day, text in SAID]


def test_a_page_of_neither_design_is_read_as_any_other_and_says_so():
    reading = parsers.read([page()], designs=(BEFORE,))
    (repair,) = [r for r in reading.articles[0].repairs if r.kind == "page design"]
    assert "none of the source's own selectors fits" in repair.where
    assert all(r.kind != "page design" for r in parsers.read([page()]).articles[0].repairs)


def test_a_wall_is_still_a_wall():
    wall = b"<html><title>Log in</title><div class=x6><h1>Log in</h1><input type=password><p>Please log in.</div>"
    with pytest.raises(Unreadable):
        parsers.read([Page("https://valley.example/ling", wall)], designs=(AFTER,))


def test_what_is_left_out_is_found_as_on_any_page():
    reading = parsers.read([page(design=OLD, remark=OLD_REMARK)], designs=(PageDesign(body="td.copy"),))
    (article,) = reading.articles
    assert article.paragraphs == tuple(words.format("Ling") for words in WORDS)


def test_replies_stand_inside_what_they_answer():
    remark = "<div class=x8><b>{who}</b><em>{day} March 2026</em><div class=x9>{text}</div>{inside}</div>"
    inner = remark.format(who="Bo Dahl", day=4, text="It was late.", inside="")
    outer = remark.format(who="Cy Ek", day=3, text="Was it?", inside=inner)
    html = NEW.format(title="T", place="Ling", body=f"<p>{WORDS[0]}</p>", remarks=outer)
    design = PageDesign(body=".x6", comments=".x8", comment_author="b", comment_date="em", comment_text=".x9")
    reading = parsers.read([Page("https://valley.example/a", html.encode())], designs=(design,))
    assert [(c.author, c.posted, c.text, c.parent) for c in reading.comments] == [
        ("Cy Ek", "2026-03-03", "Was it?", None),
        ("Bo Dahl", "2026-03-04", "It was late.", 1),
    ]


# ---------------------------------------------------------------- the archive


def blocks(press, *designs):
    own = [
        "[[source.page]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in asdict(d).items() if value)
        for d in designs
    ]
    return "\n".join([paper.source_toml(press), *own])


def reread(readers):
    with open_house() as house:
        line = Line(house, readers, paper.themes.compile_themes(()), house.clock())
        return read_again(line, addresses.documents(house.store))


def stored(home):
    found = articles.find(home.store, articles.keys(home.store))
    threads = judged.threads(home.store, list(found))
    return {
        s.article.title: (s.article.paragraphs, [c.comment.text for c in threads.get(key, ())])
        for key, s in found.items()
    }


def test_the_archive_is_read_from_before_and_after_a_redesign(press, home, readers):
    home.write(sources=blocks(press, BEFORE))
    press.put(Story("ling"))
    press.instead["/ling/"] = page("Ling", OLD, OLD_REMARK).body.decode()
    assert paper.collect(readers)["read"] == 1
    # The site is redesigned; somebody adds the new selectors above the old ones.
    home.write(sources=blocks(press, AFTER, BEFORE))
    press.put(Story("moss"))
    press.instead["/moss/"] = page("Moss", NEW, NEW_REMARK).body.decode()
    home.at("2026-11-04T07:00:00+00:00")
    assert paper.collect(readers)["read"] == 1
    both = {
        f"A roof over {place}": (tuple(w.format(place) for w in WORDS), [text for _, _, text in SAID])
        for place in ("Ling", "Moss")
    }
    assert stored(home) == both
    assert reread(readers).count(UNCHANGED) == 2
    assert stored(home) == both


def test_selectors_that_are_added_later_read_the_archive_anew(press, home, readers):
    home.write(sources=blocks(press))
    press.put(Story("ling"))
    press.instead["/ling/"] = page("Ling", OLD, OLD_REMARK).body.decode()
    paper.collect(readers)
    assert "A roof over Ling" not in stored(home)
    home.write(sources=blocks(press, BEFORE))
    again = reread(readers)
    assert stored(home) == {"A roof over Ling": (tuple(w.format("Ling") for w in WORDS), [text for _, _, text in SAID])}
    assert "changed articles" not in dict(again.details)  # nobody at the site changed it
