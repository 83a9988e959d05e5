"""Text that is large and says much the same from row to row, in a fraction of its length.

The reasons of a verdict are twice as long as the comment they are about, and an article's state is JSON of the same
thirty names each time: against a dictionary of these, reasons take a seventh of their length and articles a half.
"""

from __future__ import annotations

import zlib

_FIRST = b"\x01"  # the dictionary that follows; no JSON begins so. Another dictionary gets another number
# What is packed with it can't be read without it: never changed. What is met most often stands at the end.
_DICTIONARY = (
    b'"author_bio":null,"kind_evidence":"it reports what people said ( times)","publication":null,"canonical":null,'
    b'"author_url":null,"version_note":null,"related_links":[],"references":[],"pull_quotes":[],"subheads":[{"text":"",'
    b'"before":1},{"text":"","repairs":[{"kind":"drop capital","where":"paragraph 1","certainty":"sure"}],'
    b'"precision":"time","precision":"day","modified":null,"language":"en","published":"2026-","standfirst":null,'
    b'"authors":[""],"kind":"news","kind":"opinion","title":"","source":"","url":"https://www.","paragraphs":["'
    b'","The council said that it would be of the and to in a is that for with on as are by this from have was were '
    b'people with care and support social care adult social care care home home care the local authority",'
    b'{"text":"Latest comments: ","why":"a list of other pages"},{"text":"","why":"around the readers\' comments"},'
    b'{"text":"","why":"header"},{"text":"","why":"the footer"},'
    b'{"rule":"phrase-name","weight":0.,"sentence":"the name is a phrase, not a person"},'
    b'{"rule":"trade-name","weight":3.0,"sentence":"the name is a trade, not a person"},'
    b'{"rule":"late","weight":0.,"sentence":"posted years after the article"},'
    b'{"rule":"selling-link","weight":1.,"sentence":"links to \'https://www., which sells ("},'
    b'{"rule":"link","weight":1.,"sentence":"links to \'"},'
    b'{"rule":"offer","weight":1.,"sentence":"offers something: \'"},'
    b'{"rule":"template-praise","weight":0.,"sentence":"praise that fits anywhere: \'"},'
    b'{"rule":"nickname","weight":-0.,"sentence":"signed with a nickname"},'
    b'{"rule":"person-name","weight":-0.,"sentence":"signed with a first name"},'
    b'{"rule":"off-topic","weight":0.,"sentence":"shares no word with the article or the thread"},'
    b'{"rule":"anger","weight":-0.,"sentence":"disagrees or is angry, which sellers are not"},'
    b'{"rule":"answers","weight":-0.,"sentence":"answers another reader"},'
    b'{"rule":"returns","weight":-0.,"sentence":"writes more than once in the thread"},'
    b'{"rule":"not-quotable","weight":0.0,"sentence":"charges somebody, or comes near it: \'"},'
    b'{"rule":"not-quotable","weight":0.0,"sentence":"names a person, \'"},'
    b'{"rule":"first-person","weight":-0.,"sentence":"speaks of its own experience"},'
    b'{"rule":"trade-words","weight":0.33,"sentence":"speaks of \'\', which the page does not"},'
    b'{"rule":"about-article","weight":-0.127,"sentence":"takes up 2 words of the article"},'
    b'{"rule":"about-thread","weight":-0.098,"sentence":"takes up 1 word of the thread"},'
    b'{"rule":"substance","weight":-0.146,"sentence":"says much in its own words"},'
    b'{"phrase":"care home","where":"title","start":0,"end":1},{"phrase":"home care","where":"standfirst","start":},'
    b'{"phrase":"social care","where":"text","start":1,"end":1},{"phrase":"","where":"text","start":2,"end":2},'
    b'[{"rule":"early","weight":-1.66,"sentence":"posted in the week of the article"},'
    b'{"rule":"person-name","weight":-1.37,"sentence":"signed with a person\'s name"},'
)


def packed(text: str) -> bytes:
    """The text in fewer bytes; a short one that would become longer stands as it is."""
    plain = text.encode()
    worker = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_DICTIONARY)
    small = _FIRST + worker.compress(plain) + worker.flush()
    return small if len(small) < len(plain) else plain


def unpacked(data: bytes | str) -> str:
    """What `packed` was given; text that was never packed is given back."""
    if isinstance(data, str):
        return data
    if data[:1] != _FIRST:
        return bytes(data).decode()
    return zlib.decompressobj(-zlib.MAX_WBITS, zdict=_DICTIONARY).decompress(memoryview(data)[1:]).decode()
