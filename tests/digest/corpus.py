# ruff: noqa: E501 - sentences are kept whole
"""Fourteen stories of a made-up county, written for these tests, and the settings around them.

`stories()` is an ordinary week: eight publications, all kinds, a copy, a local item, a repaired one, one without a
headline, one without a theme, comments of every verdict. `many(n)` makes a long period out of the same words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cuttings import model as m
from cuttings.settings import Council, Edition, Licence, Source

NOW = datetime(2026, 10, 12, 6, 0, tzinfo=UTC)
MONTH_END = datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
WEEK = (date(2026, 10, 5), date(2026, 10, 11))
MONTH = (date(2026, 10, 1), date(2026, 10, 31))

COUNCIL = Council(
    name="Wexmoor County Council",
    service="Adult social care",
    contact_name="Dilys Arkwright, policy officer",
    contact_email="policy@wexmoor.example",
    contact_phone="01632 960 441",
    local=("Ashcombe", "Thornley", "Wexmoor General Hospital"),
    glossary={
        "reablement": "short-term help to do daily tasks for yourself again, for example after a hospital stay.",
        "direct payment": "money from the council with which a person buys their own care.",
        "CQC": "the Care Quality Commission, which inspects care services in England.",
        "safeguarding": "protecting adults from abuse and neglect.",
        "discharge": "leaving hospital.",
        "means test": "a check of a person’s money to see what they can pay.",
        "carer": "someone who looks after a relative or friend without pay.",
        "precept": "an extra part of Council Tax that is kept for one purpose.",
        "gerund": "a word that occurs nowhere in these pages.",
    },
)

EXCERPT = Licence(mode="excerpt", words=90)
SOURCES = {
    source.id: source
    for source in (
        Source(id="gazette", name="Care Gazette", url="https://gazette.example/feed", licence=EXCERPT),
        Source(id="townhall", name="Town Hall Weekly", url="https://townhall.example/feed", licence=EXCERPT),
        Source(
            id="office",
            name="Office for Care Figures",
            url="https://figures.example/feed",
            licence=Licence(mode="full", notice="Open Government Licence v3.0"),
            weight=1.5,
        ),
        Source(id="ledger", name="Wexmoor Ledger", url="https://ledger.example/feed"),  # link alone
        Source(
            id="bench",
            name="Bench and Bar",
            url="https://bench.example/feed",
            licence=Licence(mode="excerpt", words=30),
        ),
        Source(id="practice", name="The Practice Paper", url="https://practice.example/1", licence=EXCERPT, weight=0.9),
    )
}

THEMES = (
    m.Theme(
        "workforce", "Workforce and training", "Recruitment, retention, pay, training", ("recruitment",),
        plain_name="Staff and training",
        why={
            "managers": "Vacancies in two of our five localities are above a tenth.",
            "members": "When posts stay empty, residents wait longer for a first visit.",
        },
        decide="The pay award for care staff, each March.",
        questions={
            "managers": ("Which teams have lost most experience this year?", "Does every newly qualified worker have a mentor?"),
            "members": ("How many of our social work posts are empty today?", "What do leavers tell us when they go?"),
        },
        glossary=("precept",),
    ),
    m.Theme(
        "discharge", "Hospital discharge and reablement", "Leaving hospital, reablement", ("discharge",),
        plain_name="Leaving hospital",
        why={
            "managers": "The joint discharge team reports to this board every month.",
            "members": "A resident who leaves hospital with help in place is less likely to go back.",
        },
        decide="How much reablement the council buys for the winter.",
        questions={
            "managers": ("Where in the week do our delays begin?",),
            "members": ("How long do residents wait for help at home after hospital?",),
        },
        glossary=("reablement", "discharge"),
    ),
    m.Theme(
        "finance", "Funding, charging and budgets", "Council finance, charging", ("budget",),
        plain_name="Money and charges",
        why={"managers": "Our charging policy is due for review in the spring."},
        questions={"managers": ("Can we show how each charge is worked out on one page?",)},
        glossary=("means test", "precept"),
    ),
    m.Theme(
        "safeguarding", "Safeguarding, risk and mental capacity", "Abuse and neglect, capacity", ("safeguarding",),
        plain_name="Keeping people safe",
        why={"members": "The council must look into every concern that an adult is being harmed."},
        questions={"members": ("How many safeguarding concerns came back within a year?",)},
        glossary=("safeguarding",),
    ),
    m.Theme(
        "carers", "Carers", "People who look after others without pay", ("carer",),
        plain_name="Carers",
        questions={"members": ("How many carers had a break that we paid for?",)},
        glossary=("carer",),
    ),
    m.Theme("technology", "Technology and data", "Digital care, records, telecare", ("telecare",), plain_name="Technology"),
)  # fmt: skip

MANAGERS = Edition(id="managers", name="Cuttings for managers", audience="managers")
MEMBERS = Edition(
    id="members", name="Cuttings for councillors", audience="members", period="month", budget_words=600, most_items=5,
    when_empty="two-lines",
)  # fmt: skip

AUDIT = m.Audit(
    sources=("Care Gazette", "Town Hall Weekly", "Office for Care Figures", "Wexmoor Ledger", "Bench and Bar", "The Practice Paper", "Coastal Care News"),
    sources_failed=(("Coastal Care News", "the server did not answer within 30 seconds"),),
    pages_in=23,
    pages_read=16,
    pages_set_aside=(("not an article", 3), ("in another language", 1)),
    pages_failed=(("unreachable", 2), ("unreadable: no paragraphs", 1)),
    pages_joined=1,
    articles=15,
    stories=14,
    copies=1,
    comments_in=31,
    comments_kept=22,
    comments_duplicate=2,
    comments_spam=6,
    comments_review=1,
)  # fmt: skip


def story(
    key: str,
    source: str,
    title: str | None,
    *paragraphs: str,
    standfirst: str | None = None,
    authors: tuple[str, ...] = (),
    bio: str | None = None,
    kind: m.Kind = "news",
    theme: str | None = None,
    also: tuple[str, ...] = (),
    published: str | None = "2026-10-07",
    comments: int = 0,
    quotable: str | None = None,
    repairs: tuple[m.Repair, ...] = (),
    pages: tuple[str, ...] = (),
    copies: tuple[str, ...] = (),
    url: str | None = "",
    score: float = 0.8,
    version: int = 1,
    **more: object,
) -> m.Story:
    article = m.Article(
        key=key, url=f"https://{source}.example/{key}" if url == "" else url, source=source, title=title,
        standfirst=standfirst, authors=authors, author_bio=bio, kind=kind, language="en", published=published,
        precision=m.precision(published), paragraphs=paragraphs, repairs=repairs, pages=pages, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    labels = m.Labels(theme, tuple(m.Label(t, s, ()) for t, s in [(theme, score), *((a, 0.4) for a in also)] if t))
    seen = datetime(2026, 10, 8, tzinfo=UTC)
    held = [m.StoredArticle(article, seen, version, labels, key)]
    for place in copies:
        copy = replace(article, key=f"{key}-{place}", source=place, url=f"https://{place}.example/{key}")
        held.append(m.StoredArticle(copy, seen, 1, labels, key))
    thread = [
        _comment(key, n, f"I have seen this in my own town too, and it took months to put right ({n}).", False)
        for n in range(1, comments + 1)
    ]
    if quotable:
        thread.append(_comment(key, comments + 1, quotable, True))
    return m.Story(key, tuple(held), tuple(thread))


def _comment(article: str, n: int, text: str, quotable: bool) -> m.JudgedComment:
    posted = f"2026-10-08T09:{n % 60:02d}:00"
    comment = m.Comment(m.comment_key(article, posted, text), article, n, f"Commenter {n}", None, False, posted, text)
    return m.JudgedComment(comment, m.Verdict("genuine", quotable, 0.1, ()))


def stories() -> tuple[m.Story, ...]:
    return (
        story(
            "vacancies", "gazette", "One in nine adult care posts stood empty over the summer",
            "Some 11.4% of posts in adult social care were vacant at the end of August, against 9.8% a year before.",
            "The figures come from a return by 142 employers, who together run 1,890 homes and home care branches.",
            "Rural counties report the longest gaps, and three of them have stopped advertising some night shifts.",
            "Employers who offered a paid trial week filled posts twice as fast as those who did not.",
            standfirst="Employers say that pay is only part of the reason, and that rotas matter as much",
            authors=("Imre Castell",), theme="workforce", also=("finance",), comments=12, copies=("townhall",),
            published="2026-10-06",
        ),
        story(
            "mentors", "practice", "A mentor for every new social worker is not a luxury",
            "Newly qualified workers leave in their second year, when the support of the first has ended.",
            "I have supervised forty of them, and not one left because the work was hard.",
            "They left because nobody with time to think was ever in the room with them.",
            "Councils should write the mentor’s hours into the budget before they write the advertisement.",
            standfirst="Councils lose people they have just trained, argues Nerys Oldfield",
            authors=("Nerys Oldfield",), bio="Nerys Oldfield is a team manager at a unitary council and writes here in her own right.",
            kind="opinion", theme="workforce", comments=4,
        ),
        story(
            "weekend", "townhall", "Weekend discharge teams cut long stays by a fifth",
            "Seven hospitals that put social workers on the wards at weekends saw 21% fewer stays of over three weeks.",
            "The study followed 3,412 patients between January 2025 and June 2026.",
            "Teams with their own budget for equipment did best, because a bed rail no longer had to wait for Monday.",
            "NHS and council partners have until 14 November 2026 to bid for a share of the next round.",
            authors=("Tomasz Beel", "Ruth Adeyinka"), kind="research", theme="discharge",
        ),
        story(
            "ashcombe", "ledger", "Ashcombe day centre to open on Saturdays from January",
            "The day centre in Ashcombe will open six days a week from January, the county’s cabinet agreed on Tuesday.",
            "Families had asked for a Saturday session for four years.",
            authors=("Staff reporter",), kind="decision", theme="carers", published="2026-10-08",
        ),
        story(
            "charging", "bench", "Council must refund charges it could not explain, ombudsman finds",
            "A council that could not show how it worked out a woman’s care charge has been told to refund eight months of it.",
            "The ombudsman said that a letter with a total and no sum is not an explanation.",
            "Councils were reminded that a means test has to be shown to the person who is tested.",
            kind="decision", theme="finance", published="2026-10-09",
        ),
        story(
            "capacity", "bench", "Court of Protection: a wish to stay at home must be weighed, not noted",
            "The judge sent the case back, as the plan recorded the man’s wish to stay at home and then never came back to it.",
            "A wish that is written down and left out of the reasons has not been weighed.",
            "The council has until 30 November 2026 to make a new decision.",
            kind="law", theme="safeguarding", authors=("Odile Marchbank",),
        ),
        story(
            "carers-survey", "office", "Carers’ survey 2026: fewer breaks, longer days",
            "Carers reported an average of 41 hours of care a week, two hours more than in 2024.",
            "Only 38% of 6,215 respondents had taken a break of a day or more in the past year.",
            "Those who had a named worker at the council were twice as likely to have had one.",
            "The consultation on the next survey closes on 6 November 2026.",
            kind="research", theme="carers", published="2026-10-05",
        ),
        story(
            "telecare", "gazette", "Analogue switch-off leaves 4,000 pendant alarms to replace",
            "About 4,000 pendant alarms in the region still hang on copper telephone lines that close in 2027.",
            "Providers want councils to check who has an alarm before the engineers come.",
            authors=("Priya Lindqvist",), theme="technology", comments=2, published="2026-10-10",
        ),
        story(
            "thornley", "gazette", "Reablement in Thornley: what six weeks can do",
            "In Thornley, three out of five people who had six weeks of reablement needed no further care at home.",
            "The team is small, and each worker sees no more than six people in a week.",
            "Managers there credit a rule that the same two faces visit from the first day to the last.",
            standfirst="A small team with a simple rule has cut the need for long-term care",
            authors=("Imre Castell",), theme="discharge", also=("workforce",), comments=3, published="2026-10-09",
        ),
        story(
            "precept", "townhall", "Ministers hint at a longer life for the care precept",
            "The precept, which brings councils about £2.3 billion a year, could be kept beyond 2028, a minister said.",
            "Council treasurers warned that a precept raises least where need is highest.",
            "A decision is expected with the settlement in December.",
            authors=("Ruth Adeyinka",), theme="finance", published="2026-10-07", comments=1,
        ),
        story(
            "homes", "practice", None,
            "Two care homes have joined their night teams, and both owners call it a success.",
            "Staff walk between the buildings along a covered way that cost less than one agency month.",
            "Residents were asked first, and their families second.",
            standfirst="Two care homes a hundred yards apart now share one night team. Bea Farrant paid them a visit",
            authors=("Bea Farrant",), theme="workforce", pages=("22", "23"), published="2026-10",
            repairs=(m.Repair("reading order", "page 22", "sure"), m.Repair("paragraph break", "page 23", "uncertain")),
        ),
        story(
            "payments", "gazette", "Direct payments: the form that nobody fills in",
            "Half of the councils that answered keep a form that no resident has returned in a year.",
            "The review of direct payments was first published in March 2025 and has not been updated since.",
            kind="news", theme="finance", published="2025-03-11",
        ),
        story(
            "gardens", "ledger", "Allotments in bloom: the judges’ favourites",
            "The judges gave first prize to a bed of dahlias beside the canal.",
            "Residents of a care home had planted it, and the care home's cook has the dahlias on her tables.",
            published="2026-10-06",
        ),
        story(
            "neglect", "gazette", "Safeguarding review names seven missed chances",
            "A review into the neglect of a man of 82 found seven visits after which nobody wrote anything down.",
            "Its authors ask every board to check how often a closed case is opened again within the year.",
            "Board chairs will be asked to reply by 20 November 2026.",
            authors=("Priya Lindqvist",), theme="safeguarding", published="2026-10-08", comments=0,
        ),
    )  # fmt: skip


def many(n: int) -> tuple[m.Story, ...]:
    """`n` stories out of the same words, their titles numbered, over all themes and publications."""
    base = stories()
    out = []
    for i in range(n):
        one = base[i % len(base)]
        held = one.articles[0]
        title = f"{held.article.title or 'Report'} (part {i // len(base) + 1})"
        article = replace(held.article, key=f"{one.key}-{i}", url=f"https://paper{i}.example/{i}", title=title)
        out.append(m.Story(f"{one.key}-{i}", (replace(held, article=article, story=f"{one.key}-{i}"),), one.comments))
    return tuple(out)


HISTORY = tuple(
    m.PastIssue(
        number=number,
        start=date(2026, 9, 7) + timedelta(weeks=number - 37),
        end=date(2026, 9, 13) + timedelta(weeks=number - 37),
        items={"older": 1},
        asked=("Which teams have lost most experience this year?",) if number == 40 else (),
        stories=counts,
    )
    for number, counts in (
        (37, {"workforce": 2, "discharge": 1, "finance": 4}),
        (38, {"workforce": 3, "discharge": 2, "finance": 3, "carers": 1}),
        (39, {"workforce": 2, "discharge": 2, "finance": 5, "safeguarding": 1}),
        (40, {"workforce": 4, "discharge": 1, "finance": 2, "safeguarding": 2, "carers": 3}),
    )
)


def digest(edition: Edition = MANAGERS, held: tuple[m.Story, ...] | None = None, **more: object) -> m.Digest:
    from cuttings.digest import compose

    how: dict[str, object] = {
        "edition": edition, "period": WEEK if edition.audience == "managers" else MONTH, "number": 41, "council": COUNCIL,
        "themes": THEMES, "sources": SOURCES, "audit": AUDIT, "now": NOW if edition.audience == "managers" else MONTH_END, "history": HISTORY,
    }  # fmt: skip
    return compose(stories() if held is None else held, **{**how, **more})  # type: ignore[arg-type]
