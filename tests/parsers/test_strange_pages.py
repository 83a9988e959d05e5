# ruff: noqa: E501 - markup reads best with a page element on a line
"""Pages as real sites send them that are no article, and articles that resemble such pages."""

from __future__ import annotations

import pytest

import parsers
from cuttings.model import Page, Unreadable

SAID = (
    "Families in the upper valley will get a named worker from June, the cabinet decided on Tuesday evening after two hours of questions.",
    "The service has lost a third of its staff since the spring, and agency cover has cost more than the whole of the training budget.",
    "Nora Whitlock, who chairs the carers' forum, told members that people had stopped ringing because nobody rang them back.",
    "Letters go out before the end of the month, and a first report comes back to the panel in September.",
)
PARAGRAPHS = "".join(f"<p>{p}</p>" for p in SAID)
HEADER = (
    '<header class="top"><a class="logo" href="/">The Fell Gazette</a><nav><ul>'
    + "".join(f'<li><a href="/{n.lower()}">{n}</a></li>' for n in ("News", "Opinion", "Jobs", "Events", "Contact"))
    + '</ul></nav><a href="/login">Sign in</a> <a href="/subscribe">Subscribe</a></header>'
)
FOOTER = '<footer><p>The Fell Gazette, 2 Market Row. We use cookies: see our <a href="/privacy">privacy policy</a>.</p><p>© 2024</p></footer>'


def page(
    title: str, main: str, head: str = "", body: str = "", url: str = "https://gazette.example/news/named-worker"
) -> Page:
    html = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body {body}>{HEADER}<main>{main}</main>{FOOTER}</body></html>'
    return Page(url, html.encode())


def linked(**values: str) -> str:
    pairs = ", ".join(f'"{k}": {v}' for k, v in values.items())
    return f'<script type="application/ld+json">{{"@context": "https://schema.org", {pairs}}}</script>'


def card(n: int) -> str:
    return f'<div class="result"><h3><a href="/news/{n}">The council and its care homes, part {n}</a></h3><p>{n} May 2024</p><p>What members heard about the homes of the valley, and what they asked for next …</p></div>'


NO_ARTICLES = {
    "lost page with suggestions": page(
        "The Fell Gazette",
        "<h1>We couldn't find that page</h1><p>The link you followed may be broken, or the page may have been removed. You could try the search above, or one of these:</p>"
        + "<ul>"
        + "".join(f'<li><a href="/news/{n}">The council and its care homes, part {n}</a></li>' for n in range(6))
        + "</ul>",
    ),
    "error in a heading of its own": page(
        "Error | The Fell Gazette",
        "<h2>Sorry, something went wrong</h2><p>An unexpected error has happened while we were loading this page. Our team has been told. Please try again in a few minutes.</p>",
    ),
    "page has moved": page(
        "This page has moved",
        '<h1>This page has moved</h1><p>We have a new website. Please update your bookmarks. You will be taken to the <a href="https://new.example/">new address</a> in five seconds; if not, follow the link.</p>',
    ),
    "document moved": Page(
        "https://gazette.example/a",
        b'<html><head><title>Object moved</title></head><body><h2>Object moved to <a href="/b">here</a>.</h2></body></html>',
    ),
    "content removed": page(
        "Article no longer available - The Fell Gazette",
        "<h1>This article is no longer available</h1><p>The article that you asked for has been removed from our site for legal reasons, or because the licence to publish it has ended. We are sorry for that.</p>",
    ),
    "wall before a member's article": page(
        "Named workers for families - The Fell Gazette",
        "<h1>Named workers for families</h1><p>To view this content you need to be logged in as a member of the association. Please log in with your membership number below, or join today to see all our articles.</p><form><input name=user><input type=password><button>Log in</button></form>",
    ),
    "sign in with an account": page(
        "Sign in to your account",
        "<h1>Welcome back</h1><p>Sign in with your e-mail address to carry on.</p><form><input type=email><input type=password></form><p>New here? Create an account. Forgotten your password?</p>",
    ),
    "cookies before everything": page(
        "The Fell Gazette",
        "<h2>Your privacy is important to us</h2><p>We and our 842 partners store and access information on a device, such as cookies, and process personal data, such as unique identifiers, for personalised ads and content. With your permission we and our partners may use precise location data. You may click to consent, or change your preferences before consenting or refusing to consent. Please note that some processing may not require your consent.</p><button>Agree</button><button>More options</button>",
    ),
    "paywall with a teaser": page(
        "Named workers for families | The Fell Gazette",
        f'<article><h1>Named workers for families</h1><p>{SAID[0]}</p><p>{SAID[1]}</p><div class="box"><h3>Subscribe to read on</h3><p>Support local journalism from £1 a week.</p><a href="/subscribe">See the offers</a></div></article>',
        linked(
            **{"@type": '"NewsArticle"', "headline": '"Named workers for families"', "isAccessibleForFree": '"False"'}
        ),
    ),
    "paywall by JSON-LD and a part": page(
        "Named workers for families | The Fell Gazette",
        f'<article><h1>Named workers for families</h1><div class="free">{"".join(f"<p>{p}</p>" for p in SAID[:2])}</div><div class="subscriber-only"><p>This story is for our subscribers.</p></div></article>',
        linked(
            **{
                "@type": '"NewsArticle"',
                "isAccessibleForFree": "false",
                "hasPart": '{"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".subscriber-only"}',
            }
        ),
    ),
    "registration wall": page(
        "Named workers for families",
        f"<article><h1>Named workers for families</h1><p>{SAID[0]}</p><p>Want to read more? Register for free to continue reading this article.</p><p>Already registered? Log in here.</p></article>",
    ),
    "search results": page(
        "Search results for: care homes",
        "<h1>Search results for “care homes”</h1><p>43 results</p>" + "".join(map(card, range(1, 11))),
        url="https://gazette.example/?s=care+homes",
    ),
    "nothing was found": page(
        "Search - The Fell Gazette",
        "<h1>Search</h1><p>Your search for “cara homes” did not match any articles. Check the spelling, try other words, or use fewer of them.</p>",
        url="https://gazette.example/search?q=cara",
    ),
    "a tag's page": page(
        "care homes Archives | The Fell Gazette",
        "<h1>Tag: care homes</h1>" + "".join(map(card, range(1, 13))),
        url="https://gazette.example/tag/care-homes",
    ),
    "an author's page": page(
        "Articles by Nora Whitlock",
        "<h1>Nora Whitlock</h1><p>Nora writes about social care.</p>" + "".join(map(card, range(1, 9))),
        url="https://gazette.example/author/nora-whitlock",
    ),
    "empty template": page(
        "{{ article.title }}",
        "<article><h1>{{ article.title }}</h1><p class=byline>{{ article.author }}</p><div>{{ article.body }}</div></article>",
    ),
    "headline without a story": page(
        "Named workers for families",
        "<article><h1>Named workers for families</h1><p class=date>6 May 2024</p><div class=entry-content></div></article>",
    ),
    "needs JavaScript": page(
        "The Fell Gazette",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><p>Please enable JavaScript in your browser to view this site, and reload the page afterwards.</p>",
    ),
    "maintenance": page(
        "The Fell Gazette: back soon",
        "<h1>We are doing some work on the site</h1><p>Our website is down for scheduled maintenance and will be back shortly. We are sorry for any inconvenience. Thank you for your patience.</p>",
    ),
    "blocked by a firewall": page(
        "Access to this page has been denied",
        "<h1>Access to this page has been denied</h1><p>You have been blocked because we believe you are using automation tools to browse the website. Reference ID: 8d1c-44</p>",
    ),
    "not in your country": page(
        "Unavailable",
        "<h1>451: Unavailable for legal reasons</h1><p>We recognise that you are attempting to access this website from a country in which we cannot grant access at this time.</p>",
    ),
}


@pytest.mark.parametrize("name", NO_ARTICLES)
def test_no_article(name):
    with pytest.raises(Unreadable) as caught:
        parsers.read([NO_ARTICLES[name]])
    assert len(caught.value.detail) > 10


def story(inner: str, title: str = "Named workers for families", **kwargs) -> Page:
    return page(
        f"{title} | The Fell Gazette",
        f"<article><h1>{title}</h1><p class=date>7 May 2024</p>{inner}</article>",
        **kwargs,
    )


# name -> (the page, words that must be in the article, words that must not)
ARTICLES = {
    "about cookies": (
        story(
            "".join(
                f"<p>{p}</p>"
                for p in (
                    "Councils must ask before they set cookies on the pages where people apply for care, the regulator said on Monday.",
                    "Its survey of forty sites found that every third one set tracking cookies before anybody had given consent.",
                    "Privacy campaigners welcomed the finding. Consent must be as easy to refuse as to give, said Nora Whitlock.",
                    "The regulator will look at the same pages again in the autumn, and publish the names of the sites that have not changed their cookies.",
                    "Most of the councils said that the banners had been put up by a supplier, and that new contracts would say what may be stored.",
                )
            ),
            "Council sites set cookies without consent",
        ),
        ("every third one set tracking", "regulator will look"),
        (),
    ),
    "about logging in": (
        story(
            "<p>Carers who log in to the county's new portal have to sign in twice, and every tenth gives up, a review says.</p>"
            + PARAGRAPHS,
            "Log in, log out: why carers give up on the portal",
        ),
        ("every tenth gives up", SAID[3]),
        (),
    ),
    "sixty words": (
        story(
            "<p>A day centre in Over Stagg reopens on Monday after a flood. Thirty people who had been taken to the town hall by bus will be able to go home for lunch again.</p><p>The council said that the repairs had cost £40,000, and that the boiler was now on the first floor, above the line of the water.</p>"
        ),
        ("reopens on Monday", "above the line of the water"),
        (),
    ),
    "a newsletter's box in the middle": (
        story(
            f"<p>{SAID[0]}</p><p>{SAID[1]}</p><div class='newsletter-signup'><h3>Sign up to our newsletter</h3><p>The week in care, every Friday in your inbox.</p><form><input type=email></form></div><p>{SAID[2]}</p><p>{SAID[3]}</p>"
        ),
        SAID,
        ("every Friday in your inbox",),
    ),
    "says Page not found": (
        story(
            "<p>Page not found: that is what people saw who wanted to complain about their home care on Sunday.</p>"
            + PARAGRAPHS,
            "‘Page not found’ for people who wanted to complain",
        ),
        ("on Sunday", SAID[2]),
        (),
    ),
    "a council's release": (
        page(
            "Named workers for families - Fellshire Council",
            f"<h1>Named workers for families</h1><p>Published: Tuesday, 7 May 2024</p>{PARAGRAPHS}<h2>Notes to editors</h2><p>The service looks after 412 families in the district and has 38 posts.</p><p>Press office: 01555 010 020</p>",
            url="https://fellshire.example/news/article/221/named_workers",
        ),
        (*SAID, "412 families"),
        (),
    ),
    "a live blog": (
        story(
            "".join(
                f'<div class="live-post" id="block-{n}"><time datetime="2024-05-07T1{n}:30:00+01:00">1{n}.30</time><h2>Update {n} from the chamber</h2><p>{p}</p></div>'
                for n, p in enumerate(SAID)
            ),
            "Care budget: as it happened",
        ),
        SAID,
        (),
    ),
    "questions and answers": (
        story(
            "".join(
                f"<p><strong>{q}</strong></p><p>{a}</p>"
                for q, a in zip(("Why now?", "Who has left?", "What did carers say?", "What next?"), SAID, strict=True)
            ),
            "‘Nobody rang them back’: an interview",
        ),
        SAID,
        (),
    ),
    "letters": (
        story(
            "".join(
                f"<h3>On named workers, {n}</h3><p>{p}</p><p><em>{who}, Over Stagg</em></p>"
                for n, (p, who) in enumerate(
                    zip(SAID, ("N. Whitlock", "T. Garside", "I. Thorne", "P. Okafor"), strict=True), 1
                )
            ),
            "Letters to the editor",
        ),
        (*SAID, "I. Thorne, Over Stagg"),
        (),
    ),
    "a definition list": (
        story(
            "<dl>"
            + "".join(
                f"<dt>{q}</dt><dd>{a}</dd>"
                for q, a in zip(("What is planned?", "Why?", "Who asked?", "When?"), SAID, strict=True)
            )
            + "</dl>",
            "Named workers: your questions answered",
        ),
        (*SAID, "Who asked?"),
        (),
    ),
    "subscribers' box below a whole article": (
        story(
            PARAGRAPHS + '<div class="box"><h3>Subscribe to read more like this</h3><p>From £1 a week.</p></div>',
            head=linked(**{"@type": '"NewsArticle"', "isAccessibleForFree": "true"}),
        ),
        SAID,
        (),
    ),
    "short, with a number from 1": (
        story(
            "<p>Three things will change for families in the upper valley from June, the cabinet decided on Tuesday evening.</p><ol start='4'><li>A named worker for each family</li><li>A phone that is answered</li></ol><p>The panel hears in September how the first three months have gone, and whether more is needed.</p>"
        ),
        ("4. A named worker", "5. A phone"),
        (),
    ),
    "bold lines between breaks": (
        page(
            "Named workers for families",
            "<h1>Named workers for families</h1><div class=entry-content>"
            + f"{SAID[0]}<br><br><b>Who has left</b><br><br>{SAID[1]}<br><br><b>What carers say</b><br><br>{SAID[2]}<br><br>{SAID[3]}</div>",
        ),
        SAID,
        ("Who has left",),
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article(name):
    given, wanted, unwanted = ARTICLES[name]
    reading = parsers.read([given])
    text = "\n".join(
        (
            reading.articles[0].standfirst or "",
            *reading.articles[0].paragraphs,
            *(s.text for s in reading.articles[0].subheads),
        )
    )
    body = "\n".join(reading.articles[0].paragraphs)
    assert all(w in text for w in wanted)
    assert not any(w in body for w in unwanted)
    assert reading.comments == ()


def test_subheads_between_breaks():
    article = parsers.read([ARTICLES["bold lines between breaks"][0]]).articles[0]
    assert [(s.text, s.before) for s in article.subheads] == [("Who has left", 1), ("What carers say", 2)]
