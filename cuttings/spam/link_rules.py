"""What it links to, how, and from where."""

from __future__ import annotations

import re

from cuttings.spam import lexicon
from cuttings.spam.findings import Finding, once, plural, shown
from cuttings.spam.sight import Sight, host_of, words_of

_MARKUP = re.compile(
    r"<\s*/?\s*a\b|href\s*=|\[/?(?:url|link)\b|rel\s*=\s*[\"']?nofollow|<!--|%%\w+%%|\{\w+\|\w+", re.IGNORECASE
)
_MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|00)?\d[\d ().-]{8,17}\d(?![\w/])")
_PRICE = re.compile(
    r"[$£€₹]\s?\d[\d,.]*|\b\d[\d,.]* ?(?:usd|gbp|eur|dollars|pounds|rs|inr)\b|\b\d{1,2} ?% (?:off|discount|interest)",
    re.IGNORECASE,
)
_CHAT = re.compile(r"\bwhats?\s?app\b|\btelegram\b|\bwechat\b|\bskype\b|\bviber\b|\bicq\b", re.IGNORECASE)


def _known(host: str) -> bool:
    return any(host == k or host.endswith("." + k) for k in lexicon.KNOWN_HOSTS)


def _trade_parts(address: str) -> list[str]:
    """Words of an address that name a trade: 'cheap-boilers-leeds.example/offers' -> cheap, boilers."""
    parts = words_of(re.sub(r"[^a-zA-Z]+", " ", re.sub(r"^https?://(?:www\.)?", "", address[:300])))
    found = [
        w
        for w in parts
        if len(w) > 2
        and (w in lexicon.TRADE or w in lexicon.PUSH)
        and w not in {"net", "new", "online", "find", "web", "your"}
    ]
    host = re.sub(r"\.[a-z.]+$", "", host_of(address) or "")
    if not found and "-" not in host and len(host) > 9:
        # 'bestmortgagequotes': the longest trade inside a word that runs together.
        found = [w for w in lexicon.TRADE if len(w) >= 6 and w in host and w not in lexicon.MILD][:1]
    return found


@once
def strange_link(sight: Sight) -> Finding | None:
    strange = [h for h in sight.hosts if not _known(h)]
    return Finding(f"links to {shown(strange[0])}") if strange else None


@once
def trade_link(sight: Sight) -> Finding | None:
    for address in sight.links:
        if not _known(host_of(address) or "") and (parts := _trade_parts(address)):
            return Finding(f"links to {shown(address)}, which sells ({parts[0]})", min(1.0, 0.6 + 0.2 * len(parts)))
    return None


@once
def many_links(sight: Sight) -> Finding | None:
    count = len([h for h in sight.links if not _known(host_of(h) or "")])
    return Finding(f"{count} links", min(1.0, count / 4)) if count >= 2 else None


@once
def mostly_links(sight: Sight) -> Finding | None:
    if not sight.links or len(sight.words) > 8:
        return None
    strange = [h for h in sight.hosts if not _known(h)]
    return Finding(f"a link with {plural(len(sight.words), 'word')} beside it") if strange else None


@once
def deep_link(sight: Sight) -> Finding | None:
    """A link below praise leads to a shop's page, a reader's to an article that says something of the same."""
    strange = [a for a in sight.links if not _known(host_of(a) or "")]
    if not strange or sight.about_article + sight.about_thread >= 2:
        return None
    return Finding("links away without a word on the article or the thread")


@once
def shortener(sight: Sight) -> Finding | None:
    short = [h for h in sight.hosts if h in lexicon.SHORTENERS]
    return Finding(f"hides where it links to behind {short[0]}") if short else None


@once
def odd_ending(sight: Sight) -> Finding | None:
    odd = [h for h in sight.hosts if h.rsplit(".", 1)[-1] in lexicon.ODD_ENDINGS and not _known(h)]
    return Finding(f"links to an address of the kind that is given away ({shown(odd[0])})") if odd else None


@once
def markup(sight: Sight) -> Finding | None:
    hit = _MARKUP.search(sight.text)
    # Programmers talk about tags: what counts is markup around a link.
    if hit and (sight.links or hit[0].startswith(("%%", "<!--", "{"))):
        return Finding("pasted with the mark-up of a link or a template")
    return None


@once
def name_link(sight: Sight) -> Finding | None:
    return Finding("the name is a link") if (sight.comment.author_url or "").strip() else None


@once
def name_link_sells(sight: Sight) -> Finding | None:
    url = (sight.comment.author_url or "").strip()
    host = host_of(url) if url else None
    if not host or _known(host):
        return None
    if (parts := _trade_parts(url)) or host.rsplit(".", 1)[-1] in lexicon.ODD_ENDINGS or host in lexicon.SHORTENERS:
        return Finding(f"the name links to {shown(url)}" + (f", which sells ({parts[0]})" if parts else ""))
    return None


@once
def name_in_link(sight: Sight) -> Finding | None:
    """The words of the name are the words of the link: 'garden rooms' and garden-rooms.example."""
    words = [w for w in sight.name_words if len(w) > 3]
    targets = [*sight.links, sight.comment.author_url or ""]
    if len(words) < 2:
        return None
    packed = ["".join(words_of(re.sub(r"[^a-zA-Z]+", " ", t))) for t in targets if t]
    return Finding("name and link say the same keywords") if any(all(w in p for w in words) for p in packed) else None


@once
def offer(sight: Sight) -> Finding | None:
    found = sight.offers
    return Finding(f"offers something: {shown(found[0])}", min(1.0, 0.6 + 0.2 * (len(found) - 1))) if found else None


@once
def contact(sight: Sight) -> Finding | None:
    for pattern, what in ((_CHAT, "a messenger"), (_MAIL, "an e-mail address"), (_PHONE, "a telephone number")):
        if pattern.search(sight.prose):
            return Finding(f"gives {what}")
    return None


@once
def price(sight: Sight) -> Finding | None:
    hit = _PRICE.search(sight.prose)
    if not hit or (sight.article and hit[0] in sight.article.text):
        return None
    return Finding(f"names a price or a sum, {shown(hit[0])}")


@once
def signed_off(sight: Sight) -> Finding | None:
    """A last line of keywords below words that ended: 'Great read, thanks.' and under it 'cheap loft boards'."""
    lines = [line.strip() for line in sight.text.splitlines() if line.strip()]
    if len(lines) < 2 or lines[-1].endswith((".", "!", "?", ",", ")", ":")):
        return None
    words = words_of(lines[-1])
    if not 1 <= len(words) <= 6 or set(words) & (
        lexicon.PRAISE | lexicon.OF_SELF | (lexicon.FUNCTION - {"in", "for", "on"})
    ):
        return None
    if any(w in lexicon.people() for w in words):
        return None
    sold = [w for w in words if w in lexicon.TRADE and w not in lexicon.MILD]
    if sold or (len(sight.name_words) >= 2 and tuple(words) == sight.name_words):
        return Finding(f"ends with keywords: {shown(lines[-1])}")
    return None


@once
def stranger(sight: Sight) -> Finding | None:
    """A linked name that comes once, months later, and takes up nothing that was said."""
    days = sight.age_days
    if not (sight.comment.author_url or "").strip() or days is None or days < 180 or len(sight.words) < 5:
        return None
    if sight.about_article + sight.about_thread or sight.comment.parent is not None:
        return None
    if sight.thread.names.count(sight.thread.names[sight.at]) > 1:
        return None
    return Finding("a linked name that comes months later and takes up nothing of the page")
