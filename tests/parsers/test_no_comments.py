# ruff: noqa: E501 - markup reads best with a page element on a line
"""What looks like comments and is none; and what must not stand in a comment's words."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page

TEXT = (
    "<p>The council agreed a plan for home care on Monday, after a long debate about its cost and who would pay for it.</p>"
    * 3
)
NONE = {
    "program code": '<pre><code><span class="comment">// posted by Ann on 3 May 2012</span></code></pre>',
    "testimonials": '<div class="testimonials"><div class="comment"><b class="author">Ann</b><p>They were kind.</p><time>3 May 2012</time></div></div>',
    "latest comments": '<aside class="widget widget_recent_comments"><ul><li class="comment"><span class="author">Ann</span> on <a href="/b">Something</a> 3 May 2012</li></ul></aside>',
    "block of latest comments": '<ol class="wp-block-latest-comments"><li class="wp-block-latest-comments__comment"><a class="author" href="/a">Ann</a> on Something <time datetime="2012-05-03">3 May</time></li></ol>',
    "newest threads": '<div class="forum-latest">'
    + '<div class="row"><span class="author">Ann</span> <span class="date">3 May 2012</span> <a href="/t">Who pays for nights?</a></div>'
    * 4
    + "</div>",
    "a form": '<div id="respond" class="comment-respond"><h3>Leave a comment</h3><form class="comment"><label class="name">Name</label><input></form></div>',
    "a count": '<div class="comment"><a href="#comments">14 comments</a></div>',
    "closed": '<div id="comments"><p class="nocomments">Comments are closed.</p></div>',
    "pingbacks": '<ol class="commentlist"><li class="pingback" id="comment-4"><p>Pingback: <a href="http://b.example">A blog</a></p></li></ol>',
}


def page(extra: str) -> Page:
    html = f"<html><body><h1>A plan for home care</h1><div class=entry-content>{TEXT}</div>{extra}</body></html>"
    return Page("https://valley.example/2024/05/06/care/", html.encode())


@pytest.mark.parametrize("name", NONE)
def test_no_comment(name):
    reading = parsers.read([page(NONE[name])])
    assert reading.comments == ()
    assert "Ann" not in reading.articles[0].text or name == "program code"


def comment(inner: str) -> str:
    return f'<ol class="comment-list"><li class="comment" id="comment-5">{inner}</li></ol>'


TEXTS = {
    "one paragraph": ('<div class="comment-content"><p>Quite right.</p></div>', "Quite right."),
    "two paragraphs": (
        '<div class="comment-content"><p>Quite right.</p><p>Or nearly.</p></div>',
        "Quite right.\n\nOr nearly.",
    ),
    "line breaks": ("<p>Quite right.<br>Or nearly.</p>", "Quite right.\nOr nearly."),
    "double breaks": ("<p>Quite right.<br/><br/>Or nearly.</p>", "Quite right.\n\nOr nearly."),
    "a list": ("<p>Two:</p><ul><li>one</li><li>two</li></ul>", "Two:\n\n• one\n• two"),
    "a quotation": ("<blockquote><p>What she said</p></blockquote><p>No.</p>", "What she said\n\nNo."),
    "only a heart": ('<div class="comment-content"><p>❤️</p></div>', "❤️"),
    "only a number": ('<div class="comment-content"><p>100</p></div>', "100"),
    "votes and buttons": (
        '<p>Quite right.</p><div class="votes">3 likes</div><div class="reply"><a>Reply</a></div>',
        "Quite right.",
    ),
    "awaiting moderation": (
        '<em class="comment-awaiting-moderation">Your comment is awaiting moderation.</em><p>Quite right.</p>',
        "Quite right.",
    ),
    "its own name": ("<p>Ann says: no more forms.</p>", "Ann says: no more forms."),
}


@pytest.mark.parametrize("name", TEXTS)
def test_words_of_a_comment(name):
    inner, words = TEXTS[name]
    head = '<div class="comment-author vcard"><img alt="Gravatar of Bo"><cite class="fn">Bo</cite> <span class="says">says:</span></div>'
    meta = '<div class="comment-meta commentmetadata"><a href="#comment-5">May 7, 2024 at 9:15 am</a></div>'
    reading = parsers.read([page(comment(head + meta + inner))])
    assert [(c.author, c.posted, c.text) for c in reading.comments] == [("Bo", "2024-05-07T09:15:00", words)]
    assert words not in reading.articles[0].text


def test_links_of_a_comment():
    inner = '<cite class="fn"><a class="url" href="http://bo.example">Bo</a></cite> <a href="#comment-5">7 May 2024</a><p>See <a href="/plan">the plan</a> and <a href="javascript:x()">this</a>.</p>'
    (found,) = parsers.read([page(comment(inner))]).comments
    assert found.author_url == "http://bo.example"
    assert found.links == ("https://valley.example/plan",)
