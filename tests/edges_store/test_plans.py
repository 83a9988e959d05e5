"""No question that is asked daily reads a growing table from end to end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from cuttings.edges.store import (
    addresses,
    articles,
    as_before,
    bylines,
    candidates,
    erased,
    issues,
    judged,
    labelling,
    namesakes,
    numbers,
    outbox,
    past_issues,
    people,
    periods,
    recipients,
    retained,
    runs,
    sending,
    sources,
    stats,
    stories,
    trail,
)
from cuttings.edges.store.addresses import Address, PageOutcome
from cuttings.edges.store.tables import metadata
from cuttings.model import Ruling
from cuttings.rulings import Recorded
from flows import learning
from tests.edges_store.made import DAY, NOW, article, comment, page, save, sign
from tests.edges_store.made import judged as as_judged
from tests.edges_store.test_issues import END, START, composed, digest, printed

# Tables that stay small whatever happens: a row a source, an edition's recipient, a decision about who is kept out, a
# page that was printed anew without somebody.
SMALL = {"sources", "recipients", "mail_suppressions", "suppressions", "marks", "issues", "redactions"}
GROWING = set(metadata.tables) - SMALL
SCAN = re.compile(r"^SCAN (\w+)")


def ask_everything(store):
    """Every question of a daily run, so that its statements can be looked at."""
    a, copy = article(), article("copy")
    voice = comment(a)
    run = runs.begin(store, "collect", now=NOW)
    runs.beat(store, run, now=NOW)
    sources.contacted(store, "weekly", name="The Weekly", now=NOW, run=run)
    addresses.known(store, [a.url])
    addresses.add(store, [Address(a.url, "weekly", NOW)])
    addresses.due(store, now=NOW)
    addresses.due(store, now=NOW, source="weekly")
    addresses.record(store, [PageOutcome("https://news.example/x", "failed", "weekly", "HTTP 404")], now=NOW)
    candidates.like_article(store, sign(a.text).exact, [1, 2, 3])
    candidates.like_comments(store, [(sign(voice.text).exact, [1, 2, 3])])
    judged.rulings_on(store, [f"comment:{voice.key}"])
    save(store, a, (voice,))
    save(store, a, (comment(a, 1, "Another."),), now=NOW + DAY)
    save(store, copy, story=a.key)
    edit = article(title="What night care taught us since")
    save(store, edit, now=NOW + 2 * DAY, pages=[page(edit, body=b"<html>two</html>")])
    save(store, article("other"))
    stories.merge(store, [a.key, article("other").key], now=NOW, because="x")
    stories.history(store, a.key)
    judged.threads(store, [a.key])
    judged.by_outcome(store, "review")
    judged.history(store, voice.key)
    periods.stories(store, NOW - 7 * DAY, NOW + DAY, now=NOW)
    assert periods.edited(store, NOW, NOW + 7 * DAY, now=NOW + 7 * DAY)
    periods.told(store, [a.key], now=NOW)
    periods.audit(store, NOW - 7 * DAY, NOW)
    people.expire_names(store, now=NOW + 100 * DAY)
    people.expire_text(store, now=NOW)
    people.voices_of(store, "Jo Brack")
    bylines.authored(store, "Jo Brack")
    people.withdraw_article(store, copy.key, by="Editor", now=NOW)
    people.raw_pages(store, a.key)
    articles.keys(store)
    assert list(articles.newest(store, most=2))
    articles.find(store, [a.key])
    articles.known(store, [a.key])
    as_before.generation(store)
    if found := as_before.other_themes(store, as_judged(article("other"), themes=("workforce",))):
        as_before.put_themes(store, [found], now=NOW)
    articles.versions(store, a.key)
    articles.set_aside_of(store, a.key)
    judged.find(store, [voice.key])
    trail.beginning(store, a.key[:6])
    trail.at_address(store, [a.url])
    trail.pages_of(store, a.key)
    trail.article_state(store, a.key)
    trail.comment_state(store, voice.key)
    labelling.of_subjects(store, [f"article:{a.key}"])
    sources.every(store)
    trail.printed(store, [a.key])
    periods.printed(store, [a.key])
    periods.overdue(store, now=NOW)
    runs.last(store, "collect")
    runs.end(store, run, now=NOW, counts={})


def publish_everything(store):
    a = article("printed")
    save(store, a)
    issue = printed(store, [a])
    past_issues.past(store, "managers", before=END + timedelta(days=1))
    past_issues.past(store, "managers", before=END + timedelta(days=1), number=2)
    past_issues.where_printed(store, "managers", [a.key], before=END + timedelta(days=1), number=2)
    judged.rule(store, [Ruling(f"item:{issue.id}/{a.key}", "strike", None, "Ed Itor", NOW)])
    past_issues.struck(store, "managers", [a.key], number=2)
    past_issues.had(store, "managers", [a.key], before=END + timedelta(days=1), number=2)
    past_issues.had(store, "managers", [a.key], before=END + timedelta(days=1))
    issues.expire(store, now=NOW)
    past_issues.printed_in(store, a.key)
    recipients.of_edition(store, "managers")
    letter = outbox.Letter(issue.id, "edition", "s", "t", "h")
    outbox.enqueue(store, letter, [("a@x.example", None)], now=NOW, deadline=NOW + DAY)
    mailing, _ = sending.claim(store, by="one", now=NOW)
    sending.mark(store, mailing, "sent", now=NOW)
    sending.sweep(store, now=NOW + DAY)
    outbox.counts(store, issue.id)
    outbox.troubled(store)
    outbox.doubled(store)
    outbox.queued(store, issue.id, "edition")
    outbox.copies(store, issue.id, "a@x.example")
    outbox.who_had(store, issue.id)
    outbox.of_issue(store, issue.id)
    outbox.settled(store, issue.id)
    issues.find(store, issue.id)
    issues.log(store, issue.id)
    issues.rulings_on_items(store, issue.id)
    recipients.suppressed(store, "a@x.example")
    composed(store, edition="members", start=START)
    assert digest(a).items


def count_everything(store):
    """What is asked of the whole store: how much there is, and what has had its time."""
    a = article()
    save(store, a, (comment(a),))
    printed(store, [a])
    stats.stats(store)
    stats.growth(store, 6)
    labelling.counts(store)
    numbers.held(store)
    numbers.mail(store, since=NOW)
    numbers.printed(store)
    numbers.waiting_mail(store, before=NOW)
    numbers.queue(store)
    retained.pages_over(store, ["0" * 64], now=NOW, days=90, licences={"weekly": 30})


def keep_everything_in_order(store):
    """Retention every night, and what the desk shows."""
    a = article()
    voice = comment(a)
    save(store, a, (voice,))
    days = people.NameDays()
    for term in (None, 30.0):
        retained.words_over(store, now=NOW, days=term)
        people.expire_words(store, now=NOW, days=term)
    retained.names_over(store, now=NOW, keep=days)
    people.expire_names(store, now=NOW, keep=days)
    retained.texts_over(store, now=NOW)
    judged.by_outcome(store, "spam")
    judged.waiting(store, "review", most=9)
    judged.waiting(store, "review", most=0)  # as if there were more
    judged.waiting_of(store, "review", NOW - 7 * DAY, NOW, most=9)
    judged.rule(store, [Ruling(f"comment:{voice.key}", "spam", None, "Ed", NOW)])
    learning.state(store, now=NOW)
    numbers.queue(store)


def answer_everybody(store):
    """What comes back, or is asked for: mail, pages read before, rulings from a file, people and publishers."""
    a = article()
    voice = comment(a)
    save(store, a, (voice,))
    issue = printed(store, [a])
    letter = outbox.Letter(issue.id, "edition", "s", "t", "h")
    outbox.enqueue(store, letter, [("a@x.example", None)], now=NOW, deadline=NOW + DAY)
    outbox.waiting(store)
    issues.reached(store, issue.id)
    sending.stop(store, issue.id, "taken back", now=NOW)
    sending.bounced(store, "<1@x.example>", "a@x.example", now=NOW, detail="unknown user")
    outbox.may_have_two(store)
    outbox.may_have_two(store, issue.id)
    outbox.who_had(store, issue.id)
    issues.move(store, issue.id, "held", now=NOW, by="Ed")
    numbers.mail(store, since=NOW)
    namesakes.namesakes(store, ["Jo Brack"], but=a.key)
    people.kept_out(store, [voice], "weekly")
    addresses.last_document(store, a.url)
    addresses.last_page(store, a.url)
    addresses.stirred(store, a.url)
    addresses.is_whole(store, 1)
    given = [Recorded(1, Ruling(f"comment:{voice.key}", "spam", None, "Ed", NOW), NOW)]
    judged.take_in(store, given, now=NOW)
    erased.pages_of(store, a.key)
    erased.articles_on(store, "0" * 64)
    erased.at_address(store, a.url)
    erased.replace_page(store, "0" * 64, "1" * 64, now=NOW)
    erased.message_ids(store, issue.id)
    erased.sent_of(store, erased.issues_with(store, [a.key]))
    erased.withdrawn_in(store, issue.id)


def scans(store, ask, *, counting=False, paging=True):
    """What SQLite would read from end to end to answer the statements that `ask` leads to.

    `counting`: an index that holds all that is asked may be read through; the rows themselves may not. `paging`: every
    row of the index in whose order a list is asked for may belong to the list, so that LIMIT ends the reading.
    """
    asked = {}

    def note(_connection, _cursor, statement, parameters, _context, many):
        asked.setdefault(statement, parameters[0] if many else parameters)

    event.listen(store.engine, "before_cursor_execute", note)
    ask(store)
    event.remove(store.engine, "before_cursor_execute", note)
    found = []
    with store.reading() as connection:
        for statement, parameters in asked.items():
            if not statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                continue
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                scanned = SCAN.match(row[3])
                # A scan of an index in its order, ended by LIMIT, reads no more than it returns.
                paged = paging and "USING" in row[3] and "LIMIT" in statement
                counted = counting and "COVERING INDEX" in row[3]
                if scanned and scanned[1] in GROWING and not paged and not counted:
                    found.append(f"{row[3]}: {statement}")
    return found


def test_a_days_collecting_is_answered_from_indexes(lite):
    assert scans(lite, ask_everything) == []


def test_only_the_lists_in_margins_are_read_through_when_a_person_is_erased(lite):
    # 'Latest comments: Jo Brack …' stands in the margin of any page, and no index knows what is written there.
    a = article()
    save(lite, a, (comment(a),))
    read = scans(lite, lambda store: people.forget(store, "Jo Brack", by="Officer", now=NOW))
    assert [line.split(":")[0] for line in read] == ["SCAN set_aside"]


def test_publishing_and_delivery_are_answered_from_indexes(lite):
    assert scans(lite, publish_everything) == []


def test_who_asks_is_answered_from_indexes(lite):
    assert scans(lite, answer_everybody, paging=False) == []


def test_reading_all_again_reads_through_all_pages(lite):
    # `./run reread` is a command by hand, and each document has its part in it: the list of them is the shortest step.
    save(lite, article())
    assert [line.split(" USING")[0] for line in scans(lite, addresses.documents, paging=False)] == ["SCAN pages"]


def test_the_few_messages_that_were_sent_twice_are_found_without_reading_all_of_them(lite):
    publish_everything(lite)
    assert scans(lite, outbox.doubled, paging=False) == []


def test_what_is_counted_of_the_whole_store_is_counted_in_indexes(lite):
    # These hold a line a printed item: dozens a week, not thousands.
    few = ("SCAN issue_files", "SCAN issue_items", "SCAN usage")
    assert [line for line in scans(lite, count_everything, counting=True) if not line.startswith(few)] == []


def test_retention_and_the_desk_are_answered_from_indexes(lite):
    # What is learned from rulings is learned from all of them: as many as editors have given by hand.
    assert {line.split(":")[0] for line in scans(lite, keep_everything_in_order)} <= {"SCAN rulings"}


@pytest.mark.parametrize(
    "index",
    [
        "ix_articles_story",
        "ix_article_versions_cause_read_at",
        "ix_pages_at_outcome_size",
        "ix_comments_exact",
        "ix_verdicts_comment",
    ],
)
def test_a_missing_index_would_be_noticed(lite, index):
    with lite.writing() as connection:
        connection.exec_driver_sql(f"DROP INDEX {index}")
    assert scans(lite, ask_everything)
