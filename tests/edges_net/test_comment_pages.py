"""Where a page says that its comments go on, and where it says nothing of the kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.edges.discover.comment_pages import Marks, joined_answers, number, read_marks, reading_order

HERE = "https://n.example/a-story/"


def marks(body, url=HERE, media_type="text/html; charset=utf-8"):
    return read_marks(f"<html><body>{body}</body></html>".encode(), media_type, url)


def nav(*links, name="comment-navigation"):
    return f'<div id="comments"><nav class="{name}">{"".join(links)}</nav></div>'


def link(href, text="2", **more):
    return f'<a href="{href}" {" ".join(f"{k}={v}" for k, v in more.items())}>{text}</a>'


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        (nav(link("/a-story/comment-page-2/#comments", "Newer")), ["/comment-page-2/"]),
        (nav(link("/a-story/comment-page-2/#comments", "Older comments")), ["/comment-page-1/", "/comment-page-2/"]),
        (nav(link("/a-story/?cpage=2#comments")), ["/?cpage=2"]),
        (nav(link("/a-story/?page=1"), link("/a-story/?page=3")), ["/?page=1", "/?page=2", "/?page=3"]),
        (nav(link("/a-story?commentPage=2")), ["?commentPage=2"]),
        (
            nav(link("/a-story/comment-page-1/"), "<span class='page-numbers current'>2</span>",
                link("/a-story/comment-page-5/")),
            ["/comment-page-1/", "/comment-page-3/", "/comment-page-4/", "/comment-page-5/"],
        ),
    ],
    ids=["wordpress", "newest first", "cpage", "drupal", "own parameter", "gaps are filled"],
)  # fmt: skip
def test_further_pages(body, pages):
    assert list(marks(body).pages) == [f"https://n.example/a-story{p}" for p in pages]


@pytest.mark.parametrize(
    "body",
    [
        link("/a-story/?page=2") + "<p>comments</p>",  # the second page of the article itself
        nav(link("/another-story/comment-page-2/")),
        nav(link("https://else.example/a-story/comment-page-2/")),
        nav(link("/a-story/?replytocom=7")),
        nav(link("/a-story/#comment-12")),
        nav(link("/a-story/?page=2&amp;sort=new")),
        nav(link("/page/2/")),
        nav(link("/a-story/comment-page-x/")),
        nav(link("http://[/a-story/comment-page-2/")),
        "<link rel=next href='/a-story/2/'><p>1 comment</p>",
    ],
)
def test_what_is_no_page_of_this_thread(body):
    assert marks(body).pages == ()


def test_a_page_of_the_thread_names_the_others():
    found = marks(nav(link("/a-story/comment-page-1/"), link("/a-story/comment-page-3/")), f"{HERE}comment-page-2/")
    assert found.own == 2
    assert [number(p) for p in found.pages] == [1, 3]


@pytest.mark.parametrize(
    ("body", "announced"),
    [
        ('<a href="#comments">7 Comments</a>', 7),
        ('<a href="/a-story/#comments">7</a>', 7),
        ('<a href="/another/#comments">7 Comments</a> comments', None),
        ('<div id="comments"><h2>12 thoughts on “A story”</h2></div>', 12),
        ('<div id="comments"><h2>One thought</h2></div>', None),
        ('<h2>12 comments that changed our mind</h2>', None),
        ('<script type="application/ld+json">{"@type":"Article","commentCount": 4}</script>', 4),
        ('<meta itemprop="commentCount" content="9">', 9),
        ('<a href="#respond">Leave a comment</a>', None),
    ],
)  # fmt: skip
def test_how_many_comments_there_are(body, announced):
    assert marks(body).announced == announced


REST = '<link rel="https://api.w.org/" href="https://n.example/wp-json/"><a href="#comments">7 Comments</a>'


def test_comments_that_a_script_loads():
    found = marks(f'{REST}<input name="comment_post_ID" value="77">')
    assert (found.rest, found.post, found.by_script) == ("https://n.example/wp-json/", 77, True)
    assert read_marks(f"<body class='x postid-77'>{REST}".encode(), "text/html", HERE).by_script
    shown = "".join(f"<li id='comment-{n}'>" for n in range(7))
    assert not marks(f'{REST}{shown}<input name="comment_post_ID" value="77">').by_script
    assert not marks(REST).by_script
    assert marks(REST.replace("n.example/wp", "else.example/wp")).rest is None


@pytest.mark.parametrize(
    ("urls", "order"),
    [
        ((HERE, "/comment-page-2/", "/comment-page-3/"), (0, 1, 2)),
        ((HERE, "/comment-page-1/", "/comment-page-2/"), (1, 2, 0)),
        ((HERE, "/comment-page-3/", "/comment-page-1/"), (2, 0, 1)),
        ((HERE, "?page=2", "?page=1"), (0, 2, 1)),
        ((HERE,), (0,)),
    ],
)
def test_the_pages_in_the_order_of_the_thread(urls, order):
    assert reading_order(urls) == order


def test_answers_are_joined():
    assert joined_answers([b"[1, 2]", b"[3]"]) == b"[1, 2, 3]"
    for body in (b"{}", b"", b"[" * 100_000, b"\xff"):
        with pytest.raises(ValueError):
            joined_answers([b"[1]", body])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"comment",
        b"<" * 5000 + b"comment",
        b"comment" + b"<div>" * 100_000,
        b"\xff\xfec\x00comment",
        b"<a href='comment" * 3000,
    ],
)
def test_what_is_no_page_says_nothing(body):
    assert read_marks(body, "text/html", HERE).pages == ()


@given(st.text(max_size=200), st.sampled_from([HERE, "http://127.0.0.1:81/a?b=c"]))
def test_no_text_is_too_much(text, url):
    found = read_marks(f"<p>comment {text}".encode("utf-8", "replace"), "text/html", url)
    assert isinstance(found, Marks)
