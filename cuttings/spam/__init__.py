"""Is a comment a reader's? Explained rules, each with a weight and a sentence; nothing is deleted or silent."""

from cuttings.spam.memory import Memory
from cuttings.spam.rules import RULES
from cuttings.spam.sight import NOTHING_KNOWN, Elsewhere, Known, RuledSpam
from cuttings.spam.verdicts import judge, judge_some, text_key
from cuttings.spam.version import RULES_VERSION

__all__ = [
    "NOTHING_KNOWN",
    "RULES",
    "RULES_VERSION",
    "Elsewhere",
    "Known",
    "Memory",
    "RuledSpam",
    "judge",
    "judge_some",
    "text_key",
]
