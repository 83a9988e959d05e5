"""The same words twice: double posts, near copies, and the same article on several sites."""

from cuttings.duplicates.comments import Repeat, repeats
from cuttings.duplicates.signatures import Signature, containment, signature, signatures, to_compare
from cuttings.duplicates.stories import (
    Candidate,
    Placement,
    StoryIndex,
    article_signature,
    candidate,
    canonical_first,
    join,
    place,
)
from cuttings.duplicates.text import legible, normalise

__all__ = [
    "Candidate",
    "Placement",
    "Repeat",
    "Signature",
    "StoryIndex",
    "article_signature",
    "candidate",
    "canonical_first",
    "containment",
    "join",
    "legible",
    "normalise",
    "place",
    "repeats",
    "signature",
    "signatures",
    "to_compare",
]
