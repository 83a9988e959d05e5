import pytest

from tests.quotes.measure import cases, measure, rouge


@pytest.fixture(scope="module")
def scores():
    return measure()


def test_rouge_counts_shared_words_and_pairs():
    assert rouge("the cat sat", "the cat sat", 2) == (1.0, 1.0)
    assert rouge("the cat sat", "the dog sat down", 1)[0] == 0.5
    assert rouge("", "words", 1) == (0.0, 0.0)


def test_every_extract_is_found_in_its_text():
    for text, sentences, chosen in cases():
        assert 3 < len(chosen) < len(sentences)
        assert all(sentence in text for sentence in chosen)


def test_quotes_beat_textrank_and_the_centroid(scores):
    own, rank, centroid = scores["quote"], scores["TextRank"], scores["TF-IDF centroid + position"]
    assert all(a > b + 0.01 for a, b in zip(own, rank, strict=True))
    assert all(a > b + 0.1 for a, b in zip(own, centroid, strict=True))


def test_quotes_keep_their_level(scores):
    """A floor: whoever lowers it says so and why."""
    assert scores["quote"][0] >= 0.69
    assert scores["quote"][1] >= 0.61
