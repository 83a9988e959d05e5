"""What a web address is called. Pure.

Three answers, because they are asked for different ends:

* `absolute(url)`: the address as given, in one spelling, to be sent to its server.
* `tidy(url)`: without what only tracks; it can still be asked for and printed.
* `canonical(url)`: the name all copies of one page share (http and https, with www and without, AMP and print,
  comment pages, index files).
  It is for comparing and for keys only: a site that speaks plain http alone does not answer at its https name.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

_SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"
_PLAIN = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=\-._~]*")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say where the reader came from, not what the page is.
_TRACKING_PREFIXES = ("utm_", "mc_", "_hs", "oly_", "sfmc_", "guce_", "at_", "pk_", "mtm_", "hsa_", "vero_", "wt.")
_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "twclid",
        "yclid",
        "igshid",
        "igsh",
        "ttclid",
        "li_fat_id",
        "mkt_tok",
        "_ga",
        "_gl",
        "__s",
        "trk",
        "trkcampaign",
        "cmp",
        "cmpid",
        "icid",
        "ncid",
        "s_cid",
        "sc_cid",
        "wt_mc",
        "xtor",
        "ito",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
        "ns_linkname",
        "ns_fee",
        "guccounter",
        "hss_channel",
        "dm_i",
        "dm_t",
        "wickedid",
        "share",
        "nb",
        "replytocom",
        "fb_action_ids",
        "fb_action_types",
        "fb_source",
        "action_object_map",
        "phpsessid",
        "jsessionid",
        "sessionid",
        "aspsessionid",
        "cfid",
        "cftoken",
        "spref",
        "feature_source",
    ]
)
_COPY = {
    "amp": None,  # None: whatever the value
    "print": {"", "1", "y", "yes", "true", "print"},
    "printable": {"", "1", "y", "yes", "true"},
    "printpage": {"", "1", "y", "yes", "true"},
    "printerfriendly": {"", "1", "y", "yes", "true"},
    "outputtype": {"amp"},
    "view": {"print"},
    "format": {"amp", "print"},
    "cpage": None,  # WordPress: a page of the comments below the same article
}
_INDEX = re.compile(r"/(?:index\.(?:html?|php|aspx?|shtml|jsp)|default\.(?:html?|aspx?))$", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")
_AMP_SEGMENT = re.compile(r"(?<=[^/])/amp/?$", re.IGNORECASE)
_AMP_FILE = re.compile(r"\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
# "/2013/06/a-slug/print/" is a copy; "/category/print" is a section about printing.
_PRINT_SEGMENT = re.compile(r"(?<=/)([^/]*[-\d][^/]*)/(?:print|printable|printer-friendly)/?$", re.IGNORECASE)
_AMP_CACHES = (
    re.compile(r"/amp/(?P<secure>s/)?(?P<rest>[^/]+\..*)", re.DOTALL),  # www.google.com/amp/s/site.example/page
    re.compile(r"/[cv]/(?P<secure>s/)?(?P<rest>[^/]+\..*)", re.DOTALL),  # site-example.cdn.ampproject.org/c/s/…
)
_CONTENT_API = re.compile(r"^/api/content/(?=.)")  # GOV.UK's pages as JSON, each under its own path
_GOOGLE = re.compile(r"(www\.)?google\.[a-z.]{2,6}")
# Second levels below which a country's names are registered: "fellshire.gov.uk" is one owner, "gov.uk" is not.
_SECOND_LEVELS = frozenset(
    [
        "ac",
        "co",
        "com",
        "edu",
        "gov",
        "ltd",
        "me",
        "mod",
        "net",
        "nhs",
        "nic",
        "org",
        "parliament",
        "plc",
        "police",
        "sch",
    ]
)


_Parts = tuple[str, str, int | None, str, str]  # scheme, host, port where it is not the scheme's own, path, query


def absolute(url: str, base: str | None = None) -> str:
    """The address in one spelling: lower-case scheme and host (IDNA), no default port, user name or fragment.

    `base` is the page a relative link stands on. ValueError with a sentence when it is no address of the web.
    """
    return _joined(*_parts(url, base))


def tidy(url: str, base: str | None = None) -> str:
    """`absolute`, without tracking parameters and session numbers."""
    scheme, host, port, path, query = _parts(url, base)
    return _joined(scheme, host, port, _SESSION.sub("", path), "&".join(_without_tracking(query)))


def canonical(url: str) -> str:
    """The name that all copies of a page share; see the module. Idempotent.

    ValueError with a sentence when it is no address of the web ("mailto:…", "javascript:…", "file:…").
    """
    parts = _parts(url, None)
    while (again := _named(parts)) != parts:  # "/story/amp/print" loses one ending a turn, and each turn shortens it
        parts = again
    return _joined(*parts)


def same_page(a: str, b: str) -> bool:
    """Are these two addresses copies of one page? False when either is no address of the web."""
    try:
        return canonical(a) == canonical(b)
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host in lower case, IDNA, without port."""
    return _parts(url, None)[1]


def origin(url: str) -> tuple[str, str, int]:
    """(scheme, host, port): what a password may be sent to."""
    scheme, host, port, _, _ = _parts(url, None)
    return scheme, host, port or _DEFAULT_PORTS[scheme]


def site(host: str) -> str:
    """The part of a host that one owner registers: "feeds.news.example.co.uk" -> "example.co.uk".

    Without the public-suffix list, so a rule of thumb; numeric addresses are their own site.
    """
    labels = host.split(".")
    if host.startswith("[") or labels[-1].isdigit():
        return host
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    return ".".join(labels[-keep:])


# ---------------------------------------------------------------- the spelling


def _parts(url: str, base: str | None) -> _Parts:
    text = _SPACES.sub("", url.strip(_EDGES))
    # As browsers do, and before anything else: "http://site.example\\@elsewhere.example/" is a page of site.example.
    if "\\" in text:
        head = re.split(r"[?#]", text, maxsplit=1)[0]
        text = head.replace("\\", "/") + text[len(head) :]
    try:
        split = urlsplit(urljoin(base, text) if base and not _WHOLE.match(text) else text)
        port = split.port
    except ValueError as error:
        raise ValueError(f"'{_shown(url)}' is not a web address: {_reason(error)}.") from None
    scheme = split.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"'{_shown(url)}' is not a web address: it must start with http:// or https://.")
    if port == 0:
        raise ValueError(f"'{_shown(url)}' is not a web address: there is no port 0.")
    host = _host(split, url)
    path = _dotless(_quoted(split.path, _SAFE_IN_PATH)) or "/"
    return scheme, host, None if port == _DEFAULT_PORTS[scheme] else port, path, _quoted(split.query, _SAFE_IN_QUERY)


# What browsers drop from an address pasted out of a page: controls and blanks around it, tabs and line ends inside.
_EDGES = "".join(map(chr, range(33))) + "\xa0\u200b\ufeff"
_WHOLE = re.compile(r"https?://", re.IGNORECASE)  # there is nothing to join
_SPACES = re.compile(r"[\t\r\n]")


def _host(split: SplitResult, url: str) -> str:
    host = (split.hostname or "").rstrip(".")
    if ":" in host:
        if not re.fullmatch(r"[0-9a-f:.]+(%[\w.-]+)?", host):
            raise ValueError(f"'{_shown(url)}' is not a web address: '{host}' is no host.")
        return f"[{host}]"
    if not host.isascii():
        host = _idna(host, url)
    if not _HOST.fullmatch(host):
        raise ValueError(f"'{_shown(url)}' is not a web address: '{_shown(host)}' is no host.")
    return host


def _idna(host: str, url: str) -> str:
    import idna  # here: hardly any address needs it

    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise ValueError(f"'{_shown(url)}' is not a web address: '{_shown(host)}' is no host.") from None


def _quoted(text: str, safe: str) -> str:
    """Percent-encoding in one spelling: letters bare, hex in capitals, everything else as UTF-8."""
    if _PLAIN.fullmatch(text):  # as nearly all are, and a sitemap has 50,000 of them
        return text
    out: list[str] = []
    n = 0
    while n < len(text):
        char = text[n]
        if char == "%" and re.fullmatch(r"[0-9A-Fa-f]{2}", text[n + 1 : n + 3]):
            plain = chr(int(text[n + 1 : n + 3], 16))
            out.append(plain if _UNRESERVED.fullmatch(plain) else text[n : n + 3].upper())
            n += 3
            continue
        if (char.isascii() and char.isalnum()) or char in safe:
            out.append(char)
        else:
            out.extend(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        n += 1
    return "".join(out)


def _dotless(path: str) -> str:
    if "/." not in path:
        return path
    out: list[str] = []
    segments = path.split("/")
    for n, segment in enumerate(segments):
        last = n == len(segments) - 1
        if segment == "..":
            if len(out) > 1:
                out.pop()
        elif segment != ".":
            out.append(segment)
            continue
        if last:
            out.append("")
    return "/".join(out)


def _without_tracking(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not _tracks(pair.partition("=")[0].lower())]


def _tracks(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _joined(scheme: str, host: str, port: int | None, path: str, query: str) -> str:
    return f"{scheme}://{host}{f':{port}' if port else ''}{path}{f'?{query}' if query else ''}"


def _shown(text: str) -> str:
    text = re.sub(r"//[^/@\s]*@", "//", text)  # a password in an address must not reach a log
    return text if len(text) <= 80 else f"{text[:77]}..."


def _reason(error: ValueError) -> str:
    return (str(error)[:1].lower() + str(error)[1:]).rstrip(".")


# ---------------------------------------------------------------- the name


def _named(parts: _Parts) -> _Parts:
    scheme, host, port, path, query = _unwrapped(parts)
    if port is None or (scheme, port) in {("http", 443), ("https", 80)}:
        scheme, port = "https", None
    if host.startswith(("amp.", "www.")) and host.count(".") > 1 and _HOST.fullmatch(host[4:]):
        host = host[4:]
    pairs = sorted(pair for pair in _without_tracking(query) if not _is_copy(pair))
    path = _COMMENT_PAGE.sub("/", _SESSION.sub("", path))
    path = _AMP_FILE.sub("", _AMP_SEGMENT.sub("/", path))
    path = _PRINT_SEGMENT.sub(r"\1", path)
    if host == "gov.uk":
        path = _CONTENT_API.sub("/", path)
    if not pairs:
        path = _INDEX.sub("/", path)
    return scheme, host, port, _dotless(path).rstrip("/") or "/", "&".join(pairs)


def _unwrapped(parts: _Parts) -> _Parts:
    """The page inside an address of an AMP cache."""
    _, host, _, path, query = parts
    if _GOOGLE.fullmatch(host):
        match = _AMP_CACHES[0].fullmatch(path)
    elif host.endswith(".cdn.ampproject.org"):
        match = _AMP_CACHES[1].fullmatch(path)
    else:
        match = None
    if not match:
        return parts
    inner = f"{'https' if match['secure'] else 'http'}://{match['rest']}{f'?{query}' if query else ''}"
    try:
        return _parts(inner, None)
    except ValueError:  # "/amp/s/50%.off": not an address inside an address after all
        return parts


def _is_copy(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    return name in _COPY and ((values := _COPY[name]) is None or value.lower() in values)
