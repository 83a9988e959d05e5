# ruff: noqa: E501 - markup reads best with a page element on a line
"""The words of ../shared/seeds, taken at test time and dressed in the markup of their families, which is ours."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "../shared/seeds"


def seed(number: str) -> tuple[list[str], dict]:
    """The blocks of a seed's text, and what a careful editor makes of it."""
    text = next(SEEDS.glob(f"{number}_*.txt")).read_text("utf-8")
    blocks = [b.strip("\n ") for b in re.split(r"\n\s*\n", text) if b.strip()]
    return blocks, json.loads((SEEDS / f"expected/{number}.json").read_text("utf-8"))


def e(text: str) -> str:
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip()


def wordpress(style: str) -> str:
    """Seed 002 as a WordPress page: `style` is "classic" (marked standfirst), "plain" (only <p>) or "blocks"."""
    blocks, expected = seed("002")
    heads = {s["text"] for s in expected["subheads"]}
    title, standfirst, paper = blocks[0], blocks[1], expected["publication"]
    bio = next(n for n, b in enumerate(blocks) if flat(b) == flat(expected["author_bio"]))
    related = next(n for n, b in enumerate(blocks) if flat(b) == expected["related_links"][0]["text"]) - 1
    widget, closed = len(blocks) - 2, len(blocks) - 1
    body = []
    for b in blocks[2:bio]:
        heading = '<h2 class="wp-block-heading">{}</h2>' if style == "blocks" else "<h3>{}</h3>"
        body.append((heading if flat(b) in heads else "<p>{}</p>").format(e(b)))
    body.append(f"<p><em>{e(blocks[bio])}</em></p>" if style != "plain" else f"<p>{e(blocks[bio])}</p>")
    links = {link["text"]: link["url"] or "/2013/06/24/another-piece/" for link in expected["related_links"]}
    items = [f'<a href="{links[flat(b)]}">{e(b)}</a>' for b in blocks[related + 1 : widget]]
    heading = f"<h3>{e(blocks[related])}</h3>" if style != "plain" else f"<p><strong>{e(blocks[related])}</strong></p>"
    body.append(heading)
    body += (
        [f"<p>{i}</p>" for i in items]
        if style != "blocks"
        else ["<ul>" + "".join(f"<li>{i}</li>" for i in items) + "</ul>"]
    )
    stand = {
        "classic": f'<p class="standfirst">{e(standfirst)}</p>',
        "plain": f"<p>{e(standfirst)}</p>",
        "blocks": f'<p class="has-medium-font-size"><strong>{e(standfirst)}</strong></p>',
    }[style]
    content = "entry-content wp-block-post-content" if style == "blocks" else "entry-content"
    date = (
        ""
        if style == "plain"
        else '<time class="entry-date published" datetime="2013-06-25T08:30:00+01:00">June 25, 2013</time>'
    )
    return f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{e(title)} - {paper}</title>
<meta name="generator" content="WordPress 6.4"><meta property="og:site_name" content="{paper}">
<meta property="og:title" content="{html.escape(title)}"><link rel="stylesheet" href="/wp-content/themes/ours/style.css"></head>
<body class="post-template-default single single-post postid-7">
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header class="site-header"><p class="site-title"><a href="/">{paper}</a></p>
<nav class="main-navigation"><ul><li><a href="/adults">Adults</a></li><li><a href="/children">Children</a></li><li><a href="/jobs">Jobs</a></li></ul></nav></header>
<main id="content"><article class="post-7 post type-post"><header class="entry-header"><h1 class="entry-title">{e(title)}</h1>
<div class="entry-meta">{date} <span class="cat-links"><a href="/category/adults" rel="category tag">Adults</a></span></div></header>
<div class="{content}">{stand}{"".join(body)}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Twitter</a></li><li><a href="#">Facebook</a></li></ul></div></div>
<footer class="entry-footer"><span class="tags-links">Tagged <a href="/tag/training" rel="tag">training</a></span></footer></article>
<h3>{e(blocks[widget])}</h3>
<div id="comments" class="comments-area"><p class="no-comments">{e(blocks[closed])}</p></div></main>
<aside id="secondary" class="widget-area"><section class="widget"><h2>Most read</h2><ul><li><a href="/a">A story that is not this one at all</a></li></ul></section>
<section class="widget widget_recent_comments"><ul id="recentcomments"><li class="recentcomments"><span class="comment-author-link">Somebody</span> on <a href="/b#comment-9">Another story</a></li></ul></section></aside>
<footer class="site-footer"><p>© The publisher. All rights reserved.</p></footer></body></html>"""


_COMMENT = re.compile(r"^\d+\. Gravatar of (?P<name>.+)\n\s*(?P<meta>posted .+)$")


def umbraco(style: str) -> str:
    """Seed 004 as an Umbraco page with UComment: `style` is "fn" (name in span.fn) or "link" (a.url, resources in a list)."""
    blocks, _ = seed("004")
    title, skip = blocks[1], blocks[0]
    resources = next(n for n, b in enumerate(blocks) if b.startswith("Resources\n"))
    heading = next(n for n, b in enumerate(blocks) if re.match(r"\d+ comments for", b))
    lines = blocks[resources].split("\n")
    if style == "fn":
        listed = "<p>" + "<br />".join(e(x) for x in lines) + "</p>"
    else:
        listed = f"<h3>{e(lines[0])}</h3><ul>" + "".join(f"<li>{e(x)}</li>" for x in lines[1:]) + "</ul>"
    body = "".join(f"<p>{e(b)}</p>" for b in blocks[2:resources]) + listed
    comments = []
    for n, at in enumerate(range(heading + 1, len(blocks) - 2, 2), 1):
        match = _COMMENT.match(blocks[at])
        name, meta = match["name"], match["meta"]
        name = name[: len(name) // 2]
        shown = (
            f'<span class="fn n">{e(name)}</span>'
            if style == "fn"
            else f'<p class="fn n"><a class="url" rel="external nofollow" href="http://example.org/{n}">{e(name)}</a></p>'
        )
        comments.append(
            f'<li class="comment" id="comment-{1040 + n}"><div class="comment-author vcard"><img class="photo avatar" alt="Gravatar of {html.escape(name)}" '
            f'src="http://gravatar.example/0" />{shown}</div><div class="comment-meta">{e(meta)}</div><p>{e(blocks[at + 1])}</p></li>'
        )
    return f"""<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8" /><title>{e(title)}</title>
<script src="/umbraco/clientcontrols.js"></script></head><body><div id="wrap"><a href="#access" id="skip">{e(skip)}</a>
<ul id="nav"><li><a href="/">Home</a></li><li><a href="/about-us.aspx">About us</a></li><li><a href="/blog.aspx">Blog</a></li></ul>
<div id="content"><div class="post"><h1>{e(title)}</h1><div class="entry-content">{body}</div></div>
<div id="comments"><h3>{e(blocks[heading])}</h3><ol class="commentlist">{"".join(comments)}</ol>
<div id="respond"><h3>{e(blocks[-2])}</h3><form method="post"><label>Name</label><input name="author" /><label>Comment</label><textarea></textarea></form></div></div>
</div><div id="footer"><p>{e(blocks[-1])}</p></div></div></body></html>"""
