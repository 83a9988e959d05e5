"""The quick look for phrases finds whatever the patterns find, and nothing of its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.spam import lexicon, phrases

LISTS = {"templates": phrases._TEMPLATES, "offers": phrases._OFFERS, "machine": phrases._MACHINE}
EVERY = [(name, pattern) for name, held in LISTS.items() for pattern in held.patterns]
AROUND = st.text(alphabet="abi tsT'’.,!?\n-ıſİſK", max_size=12)


def slowly(held, text):
    return [hit[0].strip() for pattern in held.patterns if (hit := pattern.search(text))]


@given(st.sampled_from(EVERY), st.data())
def test_what_a_pattern_finds_is_found(chosen, data):
    name, pattern = chosen
    text = data.draw(AROUND) + data.draw(st.from_regex(pattern)) + data.draw(AROUND)
    turned = "".join(data.draw(st.sampled_from((c, c.upper(), c.lower()))) for c in text[:80]) + text[80:]
    for one in (text, text.upper(), text.lower(), turned):
        assert phrases._found(LISTS[name], one) == slowly(LISTS[name], one)


@given(st.sampled_from(list(LISTS)), st.data())
def test_any_words_are_found_alike(name, data):
    words = data.draw(st.lists(st.sampled_from(WORDS), max_size=12))
    text = data.draw(st.sampled_from((" ", "", "\n", ", "))).join(words)
    assert phrases._found(LISTS[name], text) == slowly(LISTS[name], text)


WORDS = sorted({word for name in LISTS for line in lexicon.lines(name) for word in re.findall(r"[a-z']{2,}", line)})


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_are_in_small_letters_and_refer_to_no_group(name):
    """What the quick look can't do: it reads small letters, and its patterns stand beside each other."""
    for line in lexicon.lines(name):
        assert not re.search(r"[A-Z]", re.sub(r"\\.", "", line)), line
        assert not re.search(r"\\[1-9]|\(\?P", line), line


def test_a_reader_passes_without_a_pattern_being_tried():
    tried = []

    class Never:
        def search(self, text):
            tried.append(text)

    held = phrases.Phrases((Never(),), phrases._TEMPLATES.gates)
    assert phrases._found(held, "My mother waited four months for an assessment, and nobody rang.") == []
    assert tried == []
    assert phrases._found(held, "Thanks for sharing this great post!") == []
    assert len(tried) == 1
