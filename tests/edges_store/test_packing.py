"""What is packed comes back as it was, from rows of every schema."""

from __future__ import annotations

import json
from dataclasses import replace

from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cuttings.edges import migrations
from cuttings.edges.store import articles, bylines, connect, judged, open_store
from cuttings.edges.store.packing import packed, unpacked
from cuttings.model import Evidence, Label, Labels, Reason
from tests.edges_store.made import NOW, REVIEW, article, comment, save
from tests.edges_store.made import judged as as_judged
from tests.edges_store.test_schema import place

__all__ = ["place"]
AT = "2026-04-06T07:00:00.000000Z"
REASONS = [
    {"rule": "person-name", "weight": -1.37, "sentence": "signed with a person's name, 'Jo O'Brack'"},
    {"rule": "phrase-name", "weight": 0.8, "sentence": "the name 'Brack is best' is a phrase, not a person"},
    {"rule": "link", "weight": 1.0, "sentence": "links to 'https://shop.example'"},
]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_and_is_never_longer(words):
    assert unpacked(packed(words)) == words or words.startswith("\x01")
    assert len(packed(words)) <= len(words.encode())


def test_text_that_was_never_packed_comes_back():
    assert unpacked("[]") == unpacked(b"[]") == "[]"


def test_reasons_take_a_fraction_of_their_length():
    said = json.dumps(REASONS)
    assert len(packed(said)) < len(said) / 2


def before_packing(address):
    """A store of the schema before, with a row in each of the tables that changed."""
    engine = connect._engine(address)
    migrations.upgrade(engine, "0007")
    a = json.dumps({"key": "a", "url": "u", "source": "weekly", "title": "T", "authors": ["Mara  ELLWOOD"],
                    "kind": "news", "language": "en", "published": None, "precision": None,
                    "standfirst": None, "paragraphs": ["By nine, everybody has had a visit."]})  # fmt: skip
    rows = (
        ("INSERT INTO stories (key, first_seen) VALUES ('a', :at)", {}),
        ("INSERT INTO articles (key, first_seen, version, changed, archive, story) "
         "VALUES ('a', :at, 1, :no, :no, 'a')", {"no": False}),
        ("INSERT INTO article_versions (article, version, read_at, cause, fields, data) "
         "VALUES ('a', 1, :at, 'first', '[]', :data)", {"data": a}),
        ("INSERT INTO set_aside (article, read_at, data) VALUES ('a', :at, :data)",
         {"data": json.dumps([{"text": "Latest comments: " * 9, "why": "header"}])}),
        ("INSERT INTO comments (id, key, article, n, by_article_author, text, first_seen, outcome, quotable, score, "
         "because, rules_version, judged_at) VALUES "
         "(1, 'c', 'a', 1, :no, 'My words.', :at, 'review', :no, 0.5, :because, 'v1', :at)",
         {"no": False, "because": json.dumps(REASONS)}),
        ("INSERT INTO comments (id, key, article, n, by_article_author, text, first_seen, outcome, quotable, score, "
         "because, rules_version, judged_at) VALUES "
         "(2, 'd', 'a', 2, :no, 'Mine.', :at, 'genuine', :no, 0.5, '[]', 'v1', :at)", {"no": False}),
        ("INSERT INTO verdicts (comment, at, until, outcome, quotable, score, because, rules_version) "
         "VALUES (1, :at, :at, 'spam', :no, 0.9, :because, 'v0')", {"no": False, "because": json.dumps(REASONS)}),
        ("INSERT INTO labels (subject, theme, score, evidence, is_primary, at) "
         "VALUES ('article:a', 'carers', 0.6, :evidence, :yes, :at)",
         {"yes": True, "evidence": json.dumps([{"phrase": "a visit", "where": "text", "start": 27, "end": 34}])}),
    )  # fmt: skip
    with engine.connect().execution_options(cuttings_writes=True) as connection, connection.begin():
        for statement, values in rows:
            connection.execute(text(statement), {"at": AT, **values} if ":at" in statement else values)
    return engine


def test_a_store_from_before_is_packed_signed_and_rid_of_names_in_reasons(place):
    before_packing(place).dispose()
    store = open_store(place)
    try:
        held = articles.find(store, ["a"])["a"]
        assert held.article.paragraphs == ("By nine, everybody has had a visit.",)
        assert held.labels.labels == (Label("carers", 0.6, (Evidence("a visit", "text", 27, 34),)),)
        assert [aside.why for aside in articles.set_aside_of(store, "a")] == ["header"]
        assert bylines.authored(store, "mara ellwood") == ("a",)
        bare = ("signed with a person's name", "the name is a phrase, not a person", "links to 'https://shop.example'")
        assert tuple(r.sentence for r in judged.find(store, ["c"])["c"].verdict.because) == bare
        assert tuple(r.sentence for r in judged.history(store, "c")[0].verdict.because) == bare
        assert judged.find(store, ["d"])["d"].verdict.because == ()
        with store.reading() as connection:
            kept = connection.execute(text("SELECT because FROM comments WHERE id = 1")).scalar_one()
        assert len(bytes(kept)) < len(json.dumps(REASONS)) / 2
    finally:
        store.close()


def test_of_an_article_with_more_versions_than_are_read_at_once_every_name_is_known(place):
    engine = before_packing(place)
    versions = [
        {"article": "a", "version": n, "at": AT, "data": json.dumps({"authors": [f"Writer {n}"]})}
        for n in range(2, 1301)
    ]
    add = "INSERT INTO article_versions (article, version, read_at, cause, fields, data) "
    with engine.connect().execution_options(cuttings_writes=True) as connection, connection.begin():
        connection.execute(text(f"{add} VALUES (:article, :version, :at, 'again', '[]', :data)"), versions)
    migrations.upgrade(engine, "0008")
    with engine.connect() as connection:
        names = set(connection.execute(text("SELECT folded FROM bylines WHERE article = 'a'")).scalars())
    engine.dispose()
    assert names == {"mara ellwood", *(f"writer {n}" for n in range(2, 1301))}


def test_the_step_can_be_taken_back(place):
    engine = before_packing(place)
    migrations.upgrade(engine)
    with engine.connect().execution_options(cuttings_writes=True) as connection, connection.begin():
        config = migrations.configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
        said = connection.execute(text("SELECT because FROM comments WHERE id = 1")).scalar_one()
        held = connection.execute(text("SELECT data FROM article_versions")).scalar_one()
    engine.dispose()
    assert [r["rule"] for r in json.loads(said)] == ["person-name", "phrase-name", "link"]
    assert json.loads(held)["authors"] == ["Mara  ELLWOOD"]


def test_who_wrote_an_article_is_known_in_any_version_and_spelling(store):
    a = article(authors=("José Núñez",))
    save(store, a)
    save(store, article(authors=("Ann Vole",), title="Another"))
    for name in ("JOSE  NUNEZ", "ann vole"):
        assert bylines.authored(store, name) == (a.key,)
    assert bylines.authored(store, "Jo Brack") == ()


def test_what_is_saved_packed_is_found_as_it_was(store):
    a = article()
    voice = comment(a)
    reasons = (Reason("link", 3.0, "one link to – ‘shop’ \ud83d" * 20),)
    given = as_judged(a, (voice,), {voice.key: replace(REVIEW, because=reasons)})
    labels = Labels("carers", (Label("carers", 1.0, (Evidence("tea", "text", 4, 7),)),))
    given = replace(given, labels={a.key: labels})
    articles.save(store, given, now=NOW)
    assert judged.find(store, [voice.key])[voice.key].verdict.because[0].sentence.startswith("one link to – ‘shop’ ")
    assert articles.find(store, [a.key])[a.key].labels.primary == "carers"
