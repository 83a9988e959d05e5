"""cuttings/addresses.py: one page, one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuttings.addresses import absolute, canonical, host_of, origin, same_page, site, tidy


@pytest.mark.parametrize(
    ("given_url", "spelled"),
    [
        ("HTTP://News.Example.ORG/A", "http://news.example.org/A"),
        ("https://news.example.org:443/a", "https://news.example.org/a"),
        ("http://news.example.org:80", "http://news.example.org/"),
        ("http://news.example.org:8080/", "http://news.example.org:8080/"),
        ("https://news.example.org/a#comments", "https://news.example.org/a"),
        ("https://reader:word@news.example.org/a", "https://news.example.org/a"),
        ("https://news.example.org./a", "https://news.example.org/a"),
        ("  https://news.example.org/a\n", "https://news.example.org/a"),
        ("https://news.example.org/a\n/b", "https://news.example.org/a/b"),
        ("https://news.example.org/x/../y/./z", "https://news.example.org/y/z"),
        ("https://news.example.org/../../y", "https://news.example.org/y"),
        ("https://news.example.org/a b", "https://news.example.org/a%20b"),
        ("https://news.example.org/caf%c3%a9", "https://news.example.org/caf%C3%A9"),
        ("https://news.example.org/café", "https://news.example.org/caf%C3%A9"),
        ("https://news.example.org/%7Ejo", "https://news.example.org/~jo"),
        ("https://news.example.org/100%", "https://news.example.org/100%25"),
        ("https://news.example.org/%252F", "https://news.example.org/%252F"),
        ("https://news.example.org\\a\\b", "https://news.example.org/a/b"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("http://n.example\\@elsewhere.example/", "http://n.example/@elsewhere.example/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("https://news.example.org/?utm_source=a", "https://news.example.org/?utm_source=a"),
    ],
)
def test_an_address_has_one_spelling(given_url, spelled):
    assert absolute(given_url) == spelled


@pytest.mark.parametrize(
    ("link", "resolved"),
    [
        ("b", "https://news.example.org/2026/b"),
        ("/b", "https://news.example.org/b"),
        ("//other.example/b", "https://other.example/b"),
        ("?p=2", "https://news.example.org/2026/a?p=2"),
        ("", "https://news.example.org/2026/a"),
    ],
)
def test_a_link_is_read_where_it_stands(link, resolved):
    assert absolute(link, "https://news.example.org/2026/a") == resolved


@pytest.mark.parametrize(
    ("given_url", "clean"),
    [
        ("https://n.example/a?utm_source=x&utm_medium=y", "https://n.example/a"),
        ("https://n.example/a?id=7&fbclid=abc", "https://n.example/a?id=7"),
        ("https://n.example/a?b=2&gclid=x&a=1", "https://n.example/a?b=2&a=1"),
        ("https://n.example/a?mc_cid=1&mc_eid=2", "https://n.example/a"),
        ("https://n.example/a?UTM_Source=x", "https://n.example/a"),
        ("https://n.example/a;jsessionid=0A1B?x=1", "https://n.example/a?x=1"),
        ("https://n.example/a?share=twitter&nb=1", "https://n.example/a"),
        ("https://n.example/a?", "https://n.example/a"),
        ("https://n.example/a?&&", "https://n.example/a"),
        ("https://n.example/a?marketing=1", "https://n.example/a?marketing=1"),
        ("https://n.example/a?page=2", "https://n.example/a?page=2"),
    ],
)
def test_where_the_reader_came_from_is_not_part_of_it(given_url, clean):
    assert tidy(given_url) == clean


TWINS = [
    ("http://n.example/a", "https://n.example/a"),
    ("http://n.example:80/a", "https://n.example:443/a"),
    ("https://n.example/a/", "https://n.example/a"),
    ("https://n.example/a/index.html", "https://n.example/a/"),
    ("https://n.example/a/Default.aspx", "https://n.example/a"),
    ("https://n.example/", "https://n.example/index.php"),
    ("https://n.example/a?x=1&y=2", "https://n.example/a?y=2&x=1"),
    ("https://n.example/2026/03/a-story/amp/", "https://n.example/2026/03/a-story/"),
    ("https://n.example/a-story?amp=1", "https://n.example/a-story"),
    ("https://n.example/a-story?amp", "https://n.example/a-story"),
    ("https://n.example/a-story?outputType=amp", "https://n.example/a-story"),
    ("https://n.example/a-story.amp.html", "https://n.example/a-story.html"),
    ("https://n.example/a-story.amp", "https://n.example/a-story"),
    ("https://amp.n.example/a-story", "https://www.n.example/a-story"),
    ("https://www.google.com/amp/s/n.example/a-story/amp/", "https://n.example/a-story"),
    ("https://n-example.cdn.ampproject.org/c/s/n.example/a-story", "https://n.example/a-story"),
    ("https://n.example/a-story/print/", "https://n.example/a-story"),
    ("https://n.example/a-story?print=1", "https://n.example/a-story"),
    ("https://n.example/a-story?print=true&utm_source=x", "https://n.example/a-story"),
    ("https://n.example/a-story?view=print", "https://n.example/a-story"),
    ("https://n.example/a-story/comment-page-3/#comment-99", "https://n.example/a-story"),
    ("https://n.example/a-story?cpage=2", "https://n.example/a-story"),
    ("https://n.example/a-story?replytocom=12#respond", "https://n.example/a-story"),
]


@pytest.mark.parametrize(("copy", "page"), TWINS)
def test_copies_of_a_page_share_its_name(copy, page):
    assert canonical(copy) == canonical(page)
    assert same_page(copy, page)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://n.example/a", "https://n.example/b"),
        ("https://n.example/a?id=1", "https://n.example/a?id=2"),
        ("https://n.example/index.php?id=1", "https://n.example/"),
        ("https://n.example/A", "https://n.example/a"),
        ("https://n.example/category/print", "https://n.example/category"),
        ("https://n.example/amp", "https://n.example/"),
        ("https://n.example/print", "https://n.example/"),
        ("https://n.example/camp", "https://n.example/c"),
        ("https://n.example/a?print=landscape", "https://n.example/a"),
        ("https://n.example/a?page=2", "https://n.example/a"),
        ("http://n.example:8001/a", "http://n.example:8002/a"),
        ("http://n.example:8001/a", "https://n.example:8001/a"),  # a port speaks one of the two
        ("https://m.example/a", "https://n.example/a"),
        ("https://n.example/a%2Fb", "https://n.example/a/b"),
    ],
)
def test_different_pages_keep_different_names(one, other):
    assert not same_page(one, other)


@pytest.mark.parametrize(
    "link",
    [
        "mailto:editor@n.example",
        "javascript:void(0)",
        "file:///etc/passwd",
        "ftp://n.example/a",
        "data:text/html,hello",
        "tel:+441234567890",
        "//n.example/a",
        "/a",
        "a",
        "",
        "http://",
        "https:///a",
        "http://[::1",
        "http://n.example:99999/",
        "http://n.example:0/",
        "http://n.example:x/",
        "http://a b.example/",
        "http://n..example/",
        "http://-n.example/",
        "http://n_{}.example/",
        "http://" + "a" * 64 + ".example/",
        "http://\ufffd.example/",
        "http://xn--\u00fc.example/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_with_a_sentence(link):
    for function in (absolute, tidy, canonical):
        with pytest.raises(ValueError, match="is not a web address"):
            function(link)
    assert not same_page(link, link)


def test_a_password_is_not_in_the_sentence():
    with pytest.raises(ValueError) as caught:
        canonical("ftp://jo:secret@n.example/")
    assert "secret" not in str(caught.value)


def test_parts():
    assert host_of("https://User@News.Example:8443/") == "news.example"
    assert origin("http://news.example/x") == ("http", "news.example", 80)
    assert origin("https://news.example:8443/x") == ("https", "news.example", 8443)


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("www.news.example", "news.example"),
        ("feeds.news.co.uk", "news.co.uk"),
        ("www.fellshire.gov.uk", "fellshire.gov.uk"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("a.b.c.org", "c.org"),
    ],
)
def test_the_site_is_what_one_owner_registers(host, owner):
    assert site(host) == owner


ODD_TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=40) | st.text(
    alphabet="abAB/.%?#&=;:@\\ amp print index.html comment-page-2 0129~+[]", max_size=60
)
LINKS = st.builds(
    "{}://{}{}/{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["n.example", "amp.n.example", "www.google.com", "x.cdn.ampproject.org", "bücher.example", "[::1]"]
    ),
    st.sampled_from(["", ":80", ":443", ":8001"]),
    st.sampled_from(["", "amp/s/", "c/s/", "2026/a-b/print/", "a/amp/"]),
    ODD_TEXT,
)


def outcome(function, link):
    try:
        return function(link)
    except ValueError:
        return None


@given(LINKS | ODD_TEXT)
def test_every_spelling_is_its_own_spelling(link):
    for function in (absolute, tidy, canonical):
        once = outcome(function, link)
        if once is not None:
            assert function(once) == once
            assert once.isascii()
            assert not set(once) & set(' \n\t\\"<>#')


@given(LINKS)
def test_tidying_does_not_change_the_name(link):
    name = outcome(canonical, link)
    if name is not None:
        assert canonical(tidy(link)) == name
        assert canonical(absolute(link)) == name


@given(LINKS, st.sampled_from(["utm_source=a", "fbclid=1", "gclid=x&mc_cid=2"]))
def test_tracking_never_changes_the_name(link, tracking):
    bare = tidy(link) if outcome(tidy, link) else ""
    name = outcome(canonical, bare)
    if name is not None:
        assert canonical(f"{bare}{'&' if '?' in bare else '?'}{tracking}") == name


DECORATIONS = {
    "http": lambda url: url.replace("https:", "http:"),
    "www": lambda url: url.replace("//", "//www.") if "//www." not in url else url,
    "amp": lambda url: f"{url.partition('?')[0]}/amp{url[len(url.partition('?')[0]) :]}",
    "print": lambda url: f"{url}{'&' if '?' in url else '?'}print=1",
    "utm": lambda url: f"{url}{'&' if '?' in url else '?'}utm_source=x",
    "fbclid": lambda url: f"{url}{'&' if '?' in url else '?'}fbclid=y",
    "fragment": lambda url: f"{url.partition('#')[0]}" if "#" in url else url,
}


@given(st.permutations(sorted(DECORATIONS)), st.integers(0, len(DECORATIONS)))
def test_copies_of_copies_share_the_name_in_whatever_order_they_were_made(order, how_many):
    url = "https://n.example/2026/03/a-story-of-42?id=7"
    copied = url
    for name in order[:how_many]:
        copied = DECORATIONS[name](copied)
    assert canonical(copied) == canonical(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.n.example/a", "http://n.example/a"),
        ("https://www.gov.uk/api/content/guidance/charging", "https://www.gov.uk/guidance/charging"),
        ("https://amp.n.example/a", "https://www.n.example/a"),
    ],
)
def test_one_page_with_two_names(one, other):
    assert same_page(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.example/a", "https://example/a"),  # "www" is the name there, not a part before it
        ("https://n.example/api/content/guidance", "https://n.example/guidance"),
    ],
)
def test_two_pages(one, other):
    assert not same_page(one, other)
