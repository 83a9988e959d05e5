"""What text and addresses are after their last step before print."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from cuttings.render.safe import LONGEST, Address, Picture, mail_or_web, web
from cuttings.render.view import LONGEST_TEXT, LONGEST_WORD, _finalize, clean

ANY = st.text(st.characters(codec=None), max_size=80)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/a?b=c&d=e#f",
        "http://x.example",
        "HTTP://X.example/",
        "https://x.example:8080/a",
        "https://[2001:db8::1]/a",
        "https://x_y.example/%20",
        "https://x.example/" + "a" * (LONGEST - 18),
    ],
)
def test_addresses_of_the_web_are_printed_as_they_are(url):
    assert web(url) == url
    assert isinstance(web(url), Address)
    assert mail_or_web(url) == url


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        (" https://x.example/a ", "https://x.example/a"),
        ("https://x.example/é", "https://x.example/%C3%A9"),
        ('https://x.example/"<>`\\^{|}', "https://x.example/%22%3C%3E%60%5C%5E%7B%7C%7D"),
        ("https://x.example/-._~:/?#[]@!$&'()*+,;=%", "https://x.example/-._~:/?#[]@!$&'()*+,;=%"),
    ],
)
def test_what_could_end_an_attribute_is_escaped(url, printed):
    assert web(url) == printed


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example/", "x.example/a",
        "mailto:a@x.example", "https://", "https:///a", "https://a@x.example/", "https://a:b@x.example/",
        "https://@x.example/", "https://x.example:port/", "https://x.example:99999/", "https://[::1/",
        "https://x y.example/", "https://x.example/a b",
        "https://x.example/\x00", "https://x.example/\na", "java\tscript:alert(1)", "https://x.example/\u202egnp",
        "https://x.ex\u200bample/",
        "https://x.example/\u2060", "https://x.example/\ufeff", "https://x.example/\x7f", "https://x.example/\x85a",
        "https://x<y.example/", 'https://x".example/', "ftp://x.example/", "https://x.example/" + "a" * (LONGEST - 17),
    ],
)  # fmt: skip
def test_anything_else_is_no_link(url):
    assert web(url) is None
    if not (url or "").startswith("mailto:"):
        assert mail_or_web(url) is None


@pytest.mark.parametrize(
    "url", ["mailto:stop@x.example", "mailto:a.b+c-d_e@x-y.example?subject=unsubscribe%20me", "mailto:a@b?subject="]
)
def test_one_address_to_write_to(url):
    assert mail_or_web(url) == url
    assert isinstance(mail_or_web(url), Address)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@x.example,b@x.example", "mailto:a@x.example?bcc=b@x.example",
        "mailto:a@x.example?subject=x&bcc=b@x.example",
        "mailto:a@x.example?subject=x\r\nBcc: b@x.example", "mailto:", "mailto:a", "MAILTO:a@x.example",
        "mailto:a@x.example?subject=a b", "mailto:a@x.example\n", " mailto:a@x.example",
    ],
)  # fmt: skip
def test_no_header_is_smuggled_into_a_mailto(url):
    assert mail_or_web(url) is None


@given(ANY)
@example("\ud800")  # half a character, as broken JSON gives it
def test_a_link_is_plain_printable_and_http(text):
    made = web(f"https://x.example/{text}")
    assert made is None or re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~]*", made)
    other = web(text)
    assert other is None or other.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain\ttext\nwith é and 日本", "plain\ttext\nwith é and 日本"),
        ("a\x00b\x08c\x0bd\x0ce\x1ff\x7fg\x9fh", "abcdefgh"),
        ("a\rb", "ab"),
        ("a\ud800b\udfffc", "abc"),
        ("a\u202ab\u202ec\u2066d\u2069e", "abcde"),
        ("a\ufeffb\ufffec\uffffd", "abcd"),
        ("\u200ffrom right", "\u200ffrom right"),  # a mark beside Hebrew words turns nothing else
        ("w" * (LONGEST_WORD - 1), "w" * (LONGEST_WORD - 1)),
        ("w" * LONGEST_WORD, "w" * (LONGEST_WORD - 1) + "…"),
        ("a " + "w" * 500 + " b", "a " + "w" * (LONGEST_WORD - 1) + "… b"),
        ("ab " * 2000, "ab " * 2000),
        ("ab " * 2000 + "cd", ("ab " * 2000).rstrip() + " …"),
        ("", ""),
    ],
)
def test_the_last_step_of_every_printed_string(text, printed):
    assert clean(text) == printed


@given(ANY | st.text("ab \x00\u202e", max_size=30).map(lambda t: t * 500))
def test_whatever_it_was_it_is_printable_and_short(text):
    made = clean(text)
    assert len(made) <= LONGEST_TEXT + 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", made)
    assert not re.search(rf"\S{{{LONGEST_WORD + 1},}}", made)
    assert clean(made) == made or made.endswith(" …")


def test_a_flood_is_cut_before_it_is_looked_at():
    assert clean("x" * (LONGEST_TEXT * 2) + " tail") == "x" * (LONGEST_WORD - 1) + "…"
    assert clean("\x00" * (LONGEST_TEXT * 2) + "tail") == ""


def test_only_words_are_finished_and_what_is_made_by_us_stays():
    shout = _finalize(str.upper)
    assert shout("a\x00b") == "AB"
    markup, address, picture = Markup("<b>\x00</b>"), Address("https://x.example/a"), Picture("data:image/png,ab\x00")
    assert shout(markup) is markup
    assert shout(address) is address
    assert shout(picture) is picture
    assert shout("data:image/x\x00") == "DATA:IMAGE/X"  # a headline that begins so is no picture
    assert shout(7) == 7
    assert shout(None) is None
