"""The index of duplicates proposes what shares a text or a band, eldest first."""

from __future__ import annotations

from dataclasses import replace

from alembic import command

from cuttings import duplicates
from cuttings.edges import migrations
from cuttings.edges.store import articles, candidates, open_store, people, stories
from tests.edges_store.made import DAY, NOW, article, comment, judged, save, sign

LONG = "I did this job for nine years and the worst part was leaving people in the middle of a sentence every day."


def like_comment(store, exact, bands, most=candidates.MOST):
    (like,) = candidates.like_comments(store, [(exact, bands)], most=most)
    return like


def with_bands(of, comments, bands):
    """Save with chosen bands by key."""
    given = judged(of, comments)
    signs = {key: sign(key, *bands.get(key, ())) if key in bands else s for key, s in given.signatures.items()}
    return replace(given, signatures=signs)


def test_articles_that_share_a_band_are_proposed_eldest_first(store):
    one, two, far = article("one"), article("two"), article("far")
    articles.save(store, with_bands(two, (), {two.key: (7, 8)}), now=NOW + DAY)
    articles.save(store, with_bands(one, (), {one.key: (-(2**31), 7)}), now=NOW)
    articles.save(store, with_bands(far, (), {far.key: (2**31 - 1,)}), now=NOW)
    like = candidates.like_article(store, "nothing", [7, 99])
    assert [c.article.key for c in like] == [one.key, two.key]
    assert [c.article.key for c in candidates.like_article(store, "nothing", [7], but=one.key)] == [two.key]
    assert [c.article.key for c in candidates.like_article(store, "nothing", [-(2**31)])] == [one.key]
    assert [c.article.key for c in candidates.like_article(store, "nothing", [2**31 - 1])] == [far.key]
    assert candidates.like_article(store, "nothing", []) == ()


def test_the_same_text_is_proposed_without_a_band(store):
    one = article("one")
    save(store, one)
    assert [c.article for c in candidates.like_article(store, sign(one.text).exact, [])] == [one]


def test_a_candidate_stands_in_the_story_that_lives(store):
    one, two = article("one"), article("two")
    save(store, one)
    save(store, two, now=NOW + DAY)
    stories.merge(store, [one.key, two.key], now=NOW + DAY, because="x")
    (like,) = candidates.like_article(store, sign(two.text).exact, [])
    assert (like.article.key, like.story) == (two.key, one.key)


def test_an_edited_article_is_found_under_its_new_bands_alone(store):
    one = article("one")
    save(store, one)
    old = sign(one.text)
    edited = replace(one, paragraphs=("All of it is new.",))
    save(store, edited, now=NOW + DAY)
    assert candidates.like_article(store, old.exact, old.bands) == ()
    assert len(candidates.like_article(store, "x", sign(edited.text).bands)) == 1


def test_comments_are_proposed_with_text_and_verdict(store):
    a, b = article("a"), article("b")
    first, second = comment(a, 1, "Same words."), comment(b, 1, "Same words.")
    save(store, a, (first,))
    save(store, b, (second,), now=NOW + DAY)
    here = sign("Same words.")
    like = like_comment(store, here.exact, here.bands)
    assert [c.judged.comment for c in like] == [first, second]
    assert like_comment(store, here.exact, ()) == like
    assert like[0].author_hash == like[1].author_hash is not None


def test_boiler_plate_does_not_crowd_out_the_telling_band(store):
    a = article("a")
    crowd = [comment(a, n, f"Boiler-plate number {n}") for n in range(1, 121)]
    telling = comment(a, 121, "The one that counts.")
    bands = {c.key: (1,) for c in crowd} | {telling.key: (1, 2)}
    articles.save(store, with_bands(a, (*crowd, telling), bands), now=NOW)
    like = like_comment(store, "nothing", [1, 2], most=200)
    assert telling.key in {c.judged.comment.key for c in like}
    assert len(like) == candidates.MOST + 1


def test_hundreds_of_bands_at_once(store):
    a = article("a")
    voice = comment(a)
    articles.save(store, with_bands(a, (voice,), {voice.key: tuple(range(300))}), now=NOW)
    assert len(like_comment(store, "nothing", range(299, 900))) == 1


def test_the_erased_and_the_withdrawn_are_proposed_no_more(store):
    a = article("a")
    voice = comment(a)
    save(store, a, (voice,))
    people.forget_comments(store, [voice.key], by="Anna", now=NOW)
    assert like_comment(store, sign(voice.text).exact, sign(voice.text).bands) == ()
    people.withdraw_article(store, a.key, by="Editor", now=NOW)
    assert candidates.like_article(store, sign(a.text).exact, sign(a.text).bands) == ()
    with store.reading() as connection:
        left = [connection.exec_driver_sql(f"SELECT count(*) FROM {t}_bands").scalar() for t in ("article", "comment")]
    assert left == [0, 0]


def test_an_index_of_an_older_program_is_built_anew(tmp_path):
    path = tmp_path / "a.db"
    a, voice = article("a"), comment(article("a"), 1, LONG)
    older = open_store(path)
    signatures = {a.key: duplicates.article_signature(a), voice.key: duplicates.signature(LONG)}
    articles.save(older, replace(judged(a, (voice,)), signatures=signatures), now=NOW)
    config = migrations.configuration()
    with older.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        for owner in ("comments", "articles"):  # other bands, 8 bytes each
            connection.exec_driver_sql(f"UPDATE {owner} SET bands = x'0700000000000000'")
    older.close()
    store = open_store(path)
    mine = duplicates.signature(LONG + " And a word more.")
    assert [c.judged.comment.key for c in like_comment(store, "nothing", mine.bands)] == [voice.key]
    here = duplicates.article_signature(a)
    assert [c.article.key for c in candidates.like_article(store, "nothing", here.bands)] == [a.key]
    # And what is erased afterwards leaves nothing behind in it.
    people.forget_comments(store, [voice.key], by="Anna", now=NOW)
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM comment_bands").scalar() == 0
