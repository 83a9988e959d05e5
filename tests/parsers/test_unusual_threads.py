# ruff: noqa: E501, ARG005 - markup reads best with an element on a line, and not every drawing shows all of a comment
"""Comments in markup that calls them something else, and boxes of people's words that are no comments."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page

TEXT = (
    "<p>The council agreed a plan for home care on Monday, after a long debate about its cost and who would pay for it.</p>"
    "<p>Visits of a quarter of an hour are to end by the autumn, and the rounds will be drawn up with the workers themselves.</p>"
    "<p>A report on the first valleys comes to the scrutiny panel in November, with the figures that members asked for.</p>"
)
MENU = '<div id="header"><a href="/"><img alt="Valley Paper" src="/l.png"></a><ul class="nav"><li><a href="/news">News</a></li><li><a href="/jobs">Jobs</a></li></ul></div>'
FOOT = '<div id="footer"><p>© 2024 Valley Paper. All rights reserved.</p></div>'


def page(extra: str, *, head: str = "", inside: str = "") -> Page:
    html = (
        f"<!DOCTYPE html><html lang=en><head><title>A plan for home care | Valley Paper</title>{head}</head><body>{MENU}"
        f'<div id="main"><h1>A plan for home care</h1><p class="date">6 May 2024</p><div class="story">{TEXT}{inside}</div>{extra}</div>{FOOT}</body></html>'
    )
    return Page("https://valley.example/2024/05/06/care/", html.encode())


ANN = ("Ann Lee", "2024-05-07", "My mother waited for a carer until noon, and nobody rang.")
BO = ("Bo Dahl", "2024-05-08", "Who will drive the rounds over the pass in winter?")
CIA = ("Cia", "2024-05-08", "Nobody, as last year.")
THREE = (ANN, BO, CIA)


def many(draw, *, of=THREE) -> str:
    return "".join(draw(n, *one) for n, one in enumerate(of, 1))


def us(day: str) -> str:
    return f"May {int(day[8:])}, 2024"


def uk(day: str) -> str:
    return f"{int(day[8:])} May 2024"


THREADS = {
    "nested tables": '<table class="comments" width="100%"><tr><td><h3>Comments</h3></td></tr>'
    + many(
        lambda n, who, day, said: (
            f'<tr><td><table cellpadding="4"><tr><td class="small"><b>{who}</b></td><td align="right">{uk(day)} at 1{n}:05</td></tr><tr><td colspan="2">{said}</td></tr></table></td></tr>'
        )
    )
    + "</table>",
    "div.msg": '<div id="msgs"><h2>Comments (3)</h2>'
    + many(
        lambda n, who, day, said: (
            f'<div class="msg" id="m{n}"><div class="msg-head"><span class="nick">{who}</span> <span class="when">{day} 1{n}:05</span></div><div class="msg-text">{said}</div><a class="msg-reply" href="#">Reply</a></div>'
        )
    )
    + "</div>",
    "article.reply": '<section class="replies"><h2>3 replies</h2>'
    + many(
        lambda n, who, day, said: (
            f'<article class="reply"><header><strong>{who}</strong> <time datetime="{day}T1{n}:05:00+01:00">{uk(day)}</time></header><p>{said}</p><footer><a href="#">Like</a></footer></article>'
        )
    )
    + "</section>",
    "section#responses, h4 and p": '<section id="responses"><h3>Responses</h3>'
    + many(lambda n, who, day, said: f'<div><h4>{who}</h4><p class="stamp">{uk(day)}, 1{n}.05am</p><p>{said}</p></div>')
    + "</section>",
    "h4 and p, flat": '<section id="responses"><h3>Responses</h3>'
    + many(lambda n, who, day, said: f"<h4>{who}, {uk(day)}</h4><p>{said}</p>")
    + "</section>",
    "ul.discussion": '<h2>Discussion</h2><ul class="discussion">'
    + many(
        lambda n, who, day, said: (
            f'<li><a class="profile" href="/u/{n}">{who}</a><span class="posted"> posted on {uk(day)}</span><div>{said}</div><span><a href="#">Report</a></span></li>'
        )
    )
    + "</ul>",
    "a forum of the year 2006": '<div class="forum"><h3>Join the discussion</h3>'
    + many(
        lambda n, who, day, said: (
            f'<div class="post"><div class="postinfo">Posted by <b>{who}</b> on {uk(day)} 1{n}:05 PM</div><div class="posttext">{said}<br><br>Best wishes</div></div>'
        ),
        of=(ANN, BO),
    )
    + "</div>",
    "Disqus in noscript": '<div id="disqus_thread"><noscript><ul>'
    + "<li>Please enable JavaScript</li></ul></noscript><div id='dsq-content'><ul id='dsq-comments'>"
    + many(
        lambda n, who, day, said: (
            f'<li id="dsq-comment-{9100 + n}"><div id="dsq-comment-header-{9100 + n}" class="dsq-comment-header"><cite id="dsq-cite-{9100 + n}"><span id="dsq-author-user-{9100 + n}">{who}</span></cite></div><div id="dsq-comment-body-{9100 + n}" class="dsq-comment-body"><div id="dsq-comment-message-{9100 + n}" class="dsq-comment-message">{said}</div><span class="dsq-date">{us(day)}</span></div></li>'
        )
    )
    + "</ul></div></div>",
    "Livefyre's copy for robots": '<div id="livefyre" class="fyre"><div class="fyre-stream-content">'
    + many(
        lambda n, who, day, said: (
            f'<article class="fyre-comment-article fyre-comment-source-livefyre" data-message-id="{700 + n}"><div class="fyre-comment-wrapper"><header class="fyre-comment-head"><a class="fyre-comment-username" href="#">{who}</a><time class="fyre-comment-date" datetime="{day}T09:0{n}:00Z">{uk(day)}</time></header><section class="fyre-comment"><p>{said}</p></section><footer class="fyre-comment-footer"><a>Share</a></footer></div></article>'
        )
    )
    + "</div></div>",
    "Movable Type": '<div id="comments" class="comments"><h2 class="comments-header">Comments</h2><div class="comments-content">'
    + many(
        lambda n, who, day, said: (
            f'<a id="c00{n}"></a><div class="comment" id="comment-55{n}"><div class="inner"><div class="comment-content"><p>{said}</p></div><p class="comment-footer">Posted by: {who} | <a href="#comment-55{n}">{us(day)} 1{n}:05 AM</a></p></div></div>'
        )
    )
    + "</div></div>",
    "TypePad, the name below": '<h3 class="comments-header"><a id="comments"></a>Comments</h3><div class="comments-content">'
    + many(
        lambda n, who, day, said: (
            f'<a id="6a00e0{n}c"></a><div class="comment comment-odd" id="comment-6a00e0094b883300e5{n}c"><div class="comment-content"><p>{said}</p></div><p class="comment-footer">Posted by: <a rel="nofollow" href="http://r{n}.example">{who}</a> | <a href="#">{us(day)} at 1{n}:05 AM</a></p></div>'
        )
    )
    + "</div>",
    "ExpressionEngine": '<div id="content_pri"><h2 class="rule">Comments</h2><ol class="feedback">'
    + many(lambda n, who, day, said: f"<li><h4>{who} on <span>{uk(day)}</span></h4><p>{said}</p></li>")
    + "</ol></div>",
    "an ASP.NET GridView": '<h3>Reader comments</h3><div><table class="grid" id="ctl00_main_gvComments" cellspacing="0">'
    + many(
        lambda n, who, day, said: (
            f'<tr class="{"row" if n % 2 else "altrow"}"><td><span id="ctl00_main_gvComments_ctl0{n}_lblName" style="font-weight:bold;">{who}</span><br/><span id="ctl00_main_gvComments_ctl0{n}_lblDate">{day[8:]}/05/2024 1{n}:05:00</span><br/><span id="ctl00_main_gvComments_ctl0{n}_lblText">{said}</span></td></tr>'
        )
    )
    + "</table></div>",
    "JComments": '<div id="jc"><div id="comments"><h4>Comments</h4><div id="comments-list" class="comments-list">'
    + many(
        lambda n, who, day, said: (
            f'<div class="{"odd" if n % 2 else "even"}" id="comment-item-{n}"><div class="rbox"><div class="rbox_m"><div class="comment-box"><a class="comment-anchor" href="#comment-{n}" id="comment-{n}">#{n}</a><span class="comment-author">{who}</span><span class="comment-date">{day} 1{n}:05</span><div class="comment-body" id="comment-body-{n}">{said}</div><span class="comments-buttons"><a href="#">Quote</a></span></div></div></div></div>'
        )
    )
    + "</div></div></div>",
    "Komento": '<div class="kmt-wrap"><div class="kmt-list-wrap commentList"><ul class="kmt-list">'
    + many(
        lambda n, who, day, said: (
            f'<li id="kmt-{n}" class="kmt-item kmt-child-0"><div class="kmt-avatar"><img alt=""></div><div class="kmt-content"><div class="kmt-head"><span class="kmt-author">{who}</span><span class="kmt-time"><time datetime="{day}T1{n}:05:00">{uk(day)}</time></span></div><div class="kmt-body"><div class="commentText kmt-text">{said}</div></div><div class="kmt-control"><a>Reply</a></div></div></li>'
        )
    )
    + "</ul></div></div>",
    "phpBB below an article": '<div id="page-body"><h2>Discuss this story</h2>'
    + many(
        lambda n, who, day, said: (
            f'<div id="p{3000 + n}" class="post bg{n % 2 + 1}"><div class="inner"><div class="postbody"><p class="author">by <strong><a href="./memberlist.php?u={n}">{who}</a></strong> » {us(day)} 1{n}:05 am</p><div class="content">{said}</div></div><dl class="postprofile"><dt>{who}</dt><dd><strong>Posts:</strong> 4{n}</dd></dl></div></div>'
        )
    )
    + "</div>",
    "Discourse for crawlers": '<div id="topic-comments"><h2>Comments</h2>'
    + many(
        lambda n, who, day, said: (
            f'<div id="post_{n}" itemprop="comment" itemscope itemtype="http://schema.org/Comment" class="topic-body crawler-post"><div class="crawler-post-meta"><span class="creator" itemprop="author" itemscope itemtype="http://schema.org/Person"><a itemprop="url" href="/u/{n}"><span itemprop="name">{who}</span></a></span><span class="crawler-post-infos"><time itemprop="datePublished" datetime="{day}T09:0{n}:00Z" class="post-time">{us(day)}</time><meta itemprop="dateModified" content="{day}T10:00:00Z"><span itemprop="position">{n}</span></span></div><div class="post" itemprop="text"><p>{said}</p></div><div itemprop="interactionStatistic"><span class="post-likes">{n} Likes</span></div></div>'
        )
    )
    + "</div>",
    "Squarespace": '<div class="squarespace-comments" id="comments-5"><div class="comments-content"><div class="comment-count">Comments (3)</div><div class="comment-list">'
    + many(
        lambda n, who, day, said: (
            f'<div id="comment-5f{n}a" class="comment comment-tier-0 clearfix"><div class="comment-header"><span class="user"><img class="avatar"> <span class="author">{who}</span></span> <span class="comment-date">{us(day)} · <span class="like-count">0 Likes</span></span></div><div class="comment-body"><p>{said}</p></div><div class="comment-controls"><a>Reply</a></div></div>'
        )
    )
    + "</div></div></div>",
    "Hyvor's copy": '<div id="hyvor-talk-view"><section class="hyvor-comments">'
    + many(
        lambda n, who, day, said: (
            f'<div class="hyvor-comment"><div class="hyvor-user">{who}</div><div class="hyvor-date">{uk(day)}</div><div class="hyvor-body"><p>{said}</p></div></div>'
        )
    )
    + "</section></div>",
    "two lines and a rule": '<div id="yoursay"><h3>Your comments</h3>'
    + many(lambda n, who, day, said: f'<div class="entry-{n}"><p>{said}</p><p><em>{who}, {uk(day)}</em></p></div><hr>')
    + "</div>",
    "a definition list": '<div class="usercontent"><h3>Readers’ comments</h3><dl>'
    + many(lambda n, who, day, said: f"<dt>{who} <small>{uk(day)}</small></dt><dd>{said}</dd>")
    + "</dl></div>",
    "letters, signed below": '<div class="lettersbox"><h2>Your letters</h2>'
    + many(lambda n, who, day, said: f'<div class="letter"><p>{said}</p><p class="sig">— {who}, {uk(day)}</p></div>')
    + "</div>",
    "classes with a hash": '<div class="Comments_root__a1b2"><h2>Conversation</h2>'
    + many(
        lambda n, who, day, said: (
            f'<div class="Comment_wrap__x9z"><div class="Comment_top__q"><span class="Comment_author__k">{who}</span><span class="Comment_date__m">{us(day)}</span></div><div class="Comment_txt__p">{said}</div><button>Reply</button></div>'
        )
    )
    + "</div>",
    "names in the table's head cells": '<table id="tblComments"><tbody>'
    + many(lambda n, who, day, said: f"<tr><th>{who}<br><small>{day}</small></th><td>{said}</td></tr>")
    + "</tbody></table>",
    "details and summary": '<section class="reader-comments"><h2>What readers wrote below</h2>'
    + many(
        lambda n, who, day, said: (
            f'<details open class="rc"><summary><span class="rc-name">{who}</span> <time datetime="{day}">{uk(day)}</time></summary><p>{said}</p></details>'
        )
    )
    + "</section>",
}


def expected(name: str):
    if "2006" in name:
        return [(who, day, said + "\n\nBest wishes") for who, day, said in (ANN, BO)]
    return list(THREE)


@pytest.mark.parametrize("name", THREADS)
def test_thread(name):
    reading = parsers.read([page(THREADS[name])])
    assert [(c.author, (c.posted or "")[:10], c.text) for c in reading.comments] == expected(name)
    body = reading.articles[0].text
    assert "scrutiny panel in November" in body
    assert not any(said in body for _, _, said in THREE)


PLACES = ("Nether Poll", "Harrow Fell", "Over Stagg")
NONE = {
    "testimonials": '<section class="customer-stories"><h2>What families say</h2>'
    + many(
        lambda n, who, day, said: (
            f'<div class="quote-card"><p>“{said}”</p><span class="name">{who}</span><span class="place">{PLACES[n - 1]}, {uk(day)}</span></div>'
        )
    )
    + "</section>",
    "related articles with authors": '<section class="related"><h2>More on home care</h2>'
    + many(
        lambda n, who, day, said: (
            f'<article class="card"><h3><a href="/s/{n}">{said}</a></h3><span class="author">{who}</span> <time datetime="{day}">{uk(day)}</time></article>'
        )
    )
    + "</section>",
    "what readers say, in the article": '<aside class="box"><h3>What readers say</h3>'
    + many(lambda n, who, day, said: f"<p>“{said}” <b>{who}</b></p>")
    + "</aside>",
    "the authors": '<div class="authors-list"><h3>The authors</h3>'
    + many(
        lambda n, who, day, said: (
            f'<div class="author"><h4 class="name">{who}</h4><p>{who} has written about care since {uk(day)}. {said}</p></div>'
        )
    )
    + "</div>",
    "events": '<section class="events"><h2>Dates for your diary</h2><ul>'
    + many(
        lambda n, who, day, said: (
            f'<li class="event"><time datetime="{day}">{uk(day)}</time><strong>Open evening {n}</strong><p>Talk by {who} about care at home, with time for questions.</p></li>'
        )
    )
    + "</ul></section>",
    "the latest comments elsewhere": '<div class="latest-talk"><h3>Latest comments</h3><ul>'
    + many(
        lambda n, who, day, said: (
            f'<li><span class="who">{who}</span> on <a href="/s/{n}">Another story of the week</a> <span class="date">{uk(day)}</span> <a href="/s/{n}#c">{said}</a></li>'
        )
    )
    + "</ul></div>",
    "reviews of a product": '<div class="product-reviews" itemscope itemtype="https://schema.org/Product"><h3>Reviews</h3><span itemprop="name">Walking frame</span>'
    + many(
        lambda n, who, day, said: (
            f'<div itemprop="review" itemscope itemtype="https://schema.org/Review"><span itemprop="author">{who}</span><meta itemprop="datePublished" content="{day}"><span itemprop="reviewBody">Sturdy, and it folds. {n} stars from me.</span></div>'
        )
    )
    + "</div>",
    "embedded posts": many(
        lambda n, who, day, said: (
            f'<blockquote class="twitter-tweet"><p lang="en">{said}</p>— {who} (@r{n}) <a href="https://social.example/r/{n}">{us(day)}</a></blockquote>'
        )
    ),
    "a plugin of a social network": '<div id="fb-root"></div><div class="comments"><div class="fb-comments" data-href="https://valley.example/2024/05/06/care/" data-numposts="5"></div></div>',
    "a place for Coral": '<div id="comments"><h2>Comments</h2><div id="coral_talk_stream"></div><noscript>Comments need JavaScript.</noscript></div>',
    "letters to other papers": '<div class="forum-promo"><h3>From our forum</h3>'
    + many(lambda n, who, day, said: f'<p><a href="/forum/{n}">{said}</a><br>{who}, {uk(day)}</p>')
    + "</div>",
}


@pytest.mark.parametrize("name", NONE)
def test_none(name):
    inside = name in {"embedded posts", "what readers say, in the article"}
    reading = parsers.read([page("" if inside else NONE[name], inside=NONE[name] if inside else "")])
    assert reading.comments == ()
    assert "scrutiny panel in November" in reading.articles[0].text
    assert name == "the authors" or reading.articles[0].authors == ()
