"""Fetching: one polite session, guarded against strangers. `Fetcher(contact).get(url)`.

fetcher.py     the way of a request, hop by hop
guard.py       which addresses, until when, how much
decode.py      gzip, deflate, br with a cap
robots.py      may we?
politeness.py  when may we?
outgoing.py    the deployer's proxy
media.py       is it what we asked for?
sentences.py   what went wrong, for people
"""

from cuttings.edges.fetch.decode import gunzipped
from cuttings.edges.fetch.fetcher import Fetcher, user_agent
from cuttings.edges.fetch.outgoing import Outgoing
from cuttings.edges.fetch.results import Expects, Fetched, FetchFailed, Get, Kind, NotModified

__all__ = [
    "Expects",
    "FetchFailed",
    "Fetched",
    "Fetcher",
    "Get",
    "Kind",
    "NotModified",
    "Outgoing",
    "gunzipped",
    "user_agent",
]
