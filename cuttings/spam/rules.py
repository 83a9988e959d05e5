"""The table of rules, in the order in which their reasons are shown when they weigh the same.

Adding a rule: write a small pure function in one of the four modules, name it here, run
`python tests/judging/weigh.py --write` to give it a weight, and add a row to tests/judging/test_spam_rules.py.
"""

from __future__ import annotations

from cuttings.spam import link_rules as link
from cuttings.spam import name_rules as name
from cuttings.spam import text_rules as text
from cuttings.spam import thread_rules as thread
from cuttings.spam.findings import Finding, Look, Rule
from cuttings.spam.sight import Sight
from cuttings.spam.weights import WEIGHTS


def _both(first: Look, second: Look, sentence: str) -> Look:
    def look(sight: Sight) -> Finding | None:
        one = first(sight)
        other = second(sight) if one else None
        return Finding(sentence, min(one.strength, other.strength)) if one and other else None

    return look


def _any(*looks: Look) -> Look:
    def look(sight: Sight) -> Finding | None:
        return max((f for one in looks if (f := one(sight))), key=lambda f: f.strength, default=None)

    return look


_sellers_name = _any(name.trade, name.place_service, name.pushy)
_keyword_name = _any(
    name.trade, name.place_service, name.phrase, name.pushy, name.other_language, name.other_script, name.thing
)
_phrase_name = _any(name.trade, name.place_service, name.phrase, name.pushy, name.other_language)
_lecturer = _both(_sellers_name, text.lecture, "a lecture under a keyword for a name")
_old = _any(thread.late, thread.after_silence)
_linked_late = _both(link.name_link, thread.late, "a linked name, long after the article")
_praise = _any(text.templates, text.empty_praise, text.mostly_praise)
_linked_praise = _both(link.name_link, _praise, "general praise under a linked name")

_foreign = _any(text.other_language, text.other_script)
_linked_phrase = _both(_any(_phrase_name, name.lower_phrase), link.name_link, "a phrase for a name, and its link")

FOR_SPAM: tuple[tuple[str, Look], ...] = (
    ("trade-name", name.trade),
    ("place-service-name", name.place_service),
    ("phrase-name", name.phrase),
    ("common-word-name", name.thing),
    ("advertising-name", name.pushy),
    ("lower-case-name", name.lower_phrase),
    ("long-name", name.many_words),
    ("trade-word-in-name", name.mild_trade),
    ("firm-name", name.firm),
    ("address-name", name.address),
    ("other-language-name", name.other_language),
    ("other-script-name", name.other_script),
    ("random-name", name.gibberish),
    ("link", link.strange_link),
    ("selling-link", link.trade_link),
    ("many-links", link.many_links),
    ("only-a-link", link.mostly_links),
    ("unrelated-link", link.deep_link),
    ("shortener", link.shortener),
    ("odd-address", link.odd_ending),
    ("link-markup", link.markup),
    ("name-link", link.name_link),
    ("selling-name-link", link.name_link_sells),
    ("name-in-link", link.name_in_link),
    ("linked-stranger", link.stranger),
    ("offer", link.offer),
    ("contact-details", link.contact),
    ("price", link.price),
    ("keywords-at-the-end", link.signed_off),
    ("template-praise", text.templates),
    ("many-templates", text.many_templates),
    ("empty-praise", text.empty_praise),
    ("mostly-praise", text.mostly_praise),
    ("speaks-of-site", text.of_the_site),
    ("machine-wording", text.broken),
    ("run-together", text.run_together),
    ("no-space", text.no_space),
    ("random-letters", text.letters_at_random),
    ("word-salad", text.word_salad),
    ("repetition", text.repeated),
    ("disguise", text.disguise),
    ("other-language", text.other_language),
    ("other-script", text.other_script),
    ("trade-words", text.trade_words),
    ("off-topic", text.off_topic),
    ("late", thread.late),
    ("very-late", thread.very_late),
    ("after-silence", thread.after_silence),
    ("copies-thread", thread.copies_thread),
    ("nearly-copies-thread", thread.nearly_copies),
    ("copies-article", thread.copies_article),
    ("same-text-elsewhere", thread.same_text_elsewhere),
    ("spam-text-elsewhere", thread.known_spam_text),
    ("spam-name-elsewhere", thread.known_spam_name),
    ("late-keyword-name", _both(_keyword_name, _old, "a keyword for a name, long after the article")),
    ("praise-keyword-name", _both(_keyword_name, _praise, "praise under a keyword for a name")),
    ("lecturing-keyword-name", _lecturer),
    ("late-lecture", _both(_lecturer, thread.late, "a lecture under a keyword for a name, long after the article")),
    ("late-praise", _both(_praise, _old, "general praise, long after the article")),
    ("late-linked-name", _both(link.name_link, _old, "a linked name, long after the article")),
    ("linked-keyword-name", _both(_keyword_name, link.name_link, "a keyword for a name, and a link under it")),
    ("late-linked-phrase-name", _both(_phrase_name, _linked_late, "keywords that are a link, long after the article")),
    ("linked-keyword-praise", _both(_phrase_name, _linked_praise, "general praise under keywords that are a link")),
    ("linked-lecture", _both(text.lecture, _linked_late, "a lecture under a linked name, long after the article")),
    ("late-site-talk", _both(text.of_the_site, _old, "speaks of the site alone, long after the article")),
    ("offer-with-contact", _both(link.offer, link.contact, "an offer, with how to take it up")),
    ("linked-praise", _both(_praise, _any(link.strange_link, link.name_link), "general praise with a link")),
    ("linked-heap", _both(text.no_sentence, link.strange_link, "a link beside words that make no sentence")),
    ("linked-other-language", _both(_foreign, _any(link.strange_link, _linked_phrase), "a link, and another language")),
)  # fmt: skip
FOR_A_READER: tuple[tuple[str, Look], ...] = (
    ("article-author", thread.by_author),
    ("person-name", name.person),
    ("self-description", name.self_description),
    ("organisation-name", name.organisation),
    ("nickname", name.handle),
    ("answers", thread.answers),
    ("answered", thread.answered),
    ("quotes", thread.quotes),
    ("early", thread.early),
    ("returns", thread.same_name_in_thread),
    ("about-article", text.about_article),
    ("about-thread", text.about_thread),
    ("own-words", text.own_words),
    ("anger", text.anger),
    ("first-person", text.first_person),
    ("technical", text.technical),
    ("question", text.question),
    ("substance", text.substance),
)
# What hardly any reader does. A late comment, a nickname of several words, thanks and nothing else, a single link:
# readers do that every day, so these only add to a proof.
PROOF = frozenset(
    {
        "trade-name", "place-service-name", "advertising-name", "other-language-name", "random-name", "selling-link",
        "many-links", "link-markup", "selling-name-link", "name-in-link", "offer", "keywords-at-the-end",
        "many-templates", "machine-wording", "run-together", "random-letters", "word-salad", "disguise", "other-script",
        "copies-thread", "nearly-copies-thread", "same-text-elsewhere", "spam-text-elsewhere", "spam-name-elsewhere",
        "lecturing-keyword-name", "contact-details", "offer-with-contact",
        "late-linked-phrase-name", "linked-keyword-praise",
    }
)  # fmt: skip
# What an editor sees before it is printed, whatever speaks for it: an early comment is forgiven much, but not this.
HELD = frozenset({"linked-heap", "linked-other-language"})
RULES: tuple[Rule, ...] = tuple(Rule(n, WEIGHTS.get(n, 0.0), look, n in PROOF) for n, look in FOR_SPAM + FOR_A_READER)
