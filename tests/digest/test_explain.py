from cuttings.digest import unexplained_acronyms
from cuttings.digest.explain import explained
from cuttings.model import Theme

GLOSSARY = {
    "carer": "someone who looks after a person without pay.",
    "means test": "a check of what someone can pay.",
    "ICE": "a made-up acronym.",
    "self-direction": "deciding for yourself.",
    "empty": " ",
}


def terms(text, **more):
    return [entry.term for entry in explained([text], GLOSSARY, **{"themes": (), **more})]


def test_whole_words_any_case_plural_and_hyphen():
    assert terms("Carers said so.") == ["Carer"]
    assert terms("A scarer is no such thing.") == []
    assert terms("The means-test was shown.") == ["Means test"]
    assert terms("Self direction matters") == ["Self-direction"]


def test_acronyms_are_not_common_words():
    assert terms("ice on the road") == []
    assert terms("ICE on the road") == ["ICE"]


def test_most_terms_are_six_and_a_printed_theme_s_own_come_first():
    many = {f"term{n}": "meaning." for n in range(9)}
    text = " ".join(many)
    theme = Theme("t", "T", "", (), glossary=("term8",))
    held = [entry.term for entry in explained([text], many, [theme])]
    assert len(held) == 6
    assert "Term8" in held


def test_acronyms_that_nobody_explains_are_found():
    assert unexplained_acronyms(["The CQC and the NHS met ICE and DoLS teams; ABC too."], GLOSSARY) == ("ABC", "CQC")


def test_what_no_glossary_has_is_explained_in_the_articles_own_words():
    spelt = {"FCA": "Fellshire Carers' Alliance", "CQC": "Care Quality Commission"}
    (entry,) = explained(["The FCA wants two weeks a year."], {}, (), spelt=spelt)
    assert (entry.term, entry.words.text, entry.words.origin) == ("FCA", "Fellshire Carers' Alliance", "source")
    assert explained(["The Fellshire Carers' Alliance (FCA) wants more."], {}, (), spelt=spelt) == ()
    assert (
        explained(["The FCA wants more."], {"FCA": "A group of carers"}, (), spelt=spelt)[0].words.origin
        == "configuration"
    )
