# ruff: noqa: E501 - markup reads best with a page element on a line
"""Several pages of one document: comment pages, a continued article, REST answers beside the page."""

from __future__ import annotations

import json

import parsers
from cuttings.model import Page

URL = "https://valley.example/2024/05/06/care/"
FIRST = "<p>The council agreed a plan for home care on Monday, after a long debate about its cost and who would pay for it.</p>"
SECOND = (
    "<p>The second part of the plan is about nights, for which the council has never had enough carers of its own.</p>"
)


def li(n: int, name: str, text: str) -> str:
    return (
        f'<li class="comment" id="comment-{n}"><div class="comment-author vcard"><b class="fn">{name}</b></div>'
        f'<time datetime="2024-05-0{n}T10:00:00+01:00">May {n}</time><div class="comment-content"><p>{text}</p></div></li>'
    )


def page(body: str, *comments: str, url: str = URL) -> Page:
    thread = f'<div id="comments"><ol class="comment-list">{"".join(comments)}</ol></div>'
    html = f"<html><body><h1>Plan for home care</h1><div class=entry-content>{body}</div>{thread}</body></html>"
    return Page(url, html.encode())


ONE, TWO, THREE = li(7, "Ann", "First."), li(8, "Bo", "Second."), li(9, "Cy", "Third.")


def test_a_second_page_of_comments():
    reading = parsers.read([page(FIRST, ONE, TWO), page(FIRST, TWO, THREE, url=URL + "comment-page-2/")])
    assert len(reading.articles) == 1
    assert [(c.n, c.author, c.text) for c in reading.comments] == [
        (1, "Ann", "First."),
        (2, "Bo", "Second."),
        (3, "Cy", "Third."),
    ]
    assert len({c.key for c in reading.comments}) == 3
    assert {c.article for c in reading.comments} == {reading.articles[0].key}


def test_an_article_goes_on():
    reading = parsers.read([page(FIRST), page(SECOND, ONE, url=URL + "?page=2")])
    assert [p[:10] for p in reading.articles[0].paragraphs] == ["The counci", "The second"]
    assert [r.kind for r in reading.articles[0].repairs] == ["page join"]
    assert len(reading.comments) == 1


def test_two_different_articles_stay_two():
    other = Page(
        "https://valley.example/2024/05/07/nights/",
        page(SECOND).body.replace(b"Plan for home care", b"Who works at night"),
    )
    reading = parsers.read([page(FIRST, ONE), other])
    assert [a.title for a in reading.articles] == ["Plan for home care", "Who works at night"]


def test_comments_from_the_rest_interface():
    answer = [
        {"id": 5, "post": 1, "parent": 4, "author_name": "Bo", "author_url": "", "date": "2024-05-08T10:00:00", "date_gmt": "2024-05-08T09:00:00", "content": {"rendered": "<p>An answer.</p>"}},
        {"id": 4, "post": 1, "parent": 0, "author_name": "Ann", "author_url": "http://ann.example", "date": "2024-05-07T10:00:00", "date_gmt": "2024-05-07T09:00:00", "content": {"rendered": "<p>A question?</p><p>Two in fact.</p>"}},
    ]  # fmt: skip
    rest = Page(
        "https://valley.example/wp-json/wp/v2/comments?post=1",
        json.dumps(answer).encode(),
        media_type="application/json",
    )
    reading = parsers.read([page(FIRST), rest])
    assert [(c.n, c.author, c.posted, c.text, c.parent) for c in reading.comments] == [
        (1, "Ann", "2024-05-07T10:00:00+01:00", "A question?\n\nTwo in fact.", None),
        (2, "Bo", "2024-05-08T10:00:00+01:00", "An answer.", 1),
    ]
    assert {c.article for c in reading.comments} == {reading.articles[0].key}


def test_a_double_click_is_two_comments_with_two_keys():
    reading = parsers.read([page(FIRST, ONE, ONE.replace("comment-7", "comment-6"))])
    assert len(reading.comments) == 2
    assert len({c.key for c in reading.comments}) == 2
