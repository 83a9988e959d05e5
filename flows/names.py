"""What Prefect's page calls our deployments. A run is asked for as "FLOW/NAME": "deliver/send what waits".

With spaces, as no source or edition may be called so: 'collect' has a deployment for each source beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

COLLECT = "read every source"
DELIVER = "send what waits"
RETENTION = "delete what is over"
HEALTH = "write the weekly mail"
ANSWER = "answer a proof"
REMIND = "remind and close"
CORRECT = "correct what was sent"
REREAD = "read the archive again"

# What they were called at first, three of them 'scheduled'. Marks, and runs that were killed then, bear these names.
BEFORE: Mapping[str, str] = {
    "collect/scheduled": f"collect/{COLLECT}",
    "deliver/scheduled": f"deliver/{DELIVER}",
    "retention/scheduled": f"retention/{RETENTION}",
    "health/weekly": f"health/{HEALTH}",
    "decide/answer": f"decide/{ANSWER}",
    "correct/sent": f"correct/{CORRECT}",
    "reread/archive": f"reread/{REREAD}",
}


def today(name: str) -> str:
    """A deployment's name as it is now."""
    return BEFORE.get(name, name)


def brought_over(served: Mapping[str, datetime]) -> dict[str, datetime]:
    """How far each deployment was served, under the names of today; of two marks the later."""
    found: dict[str, datetime] = {}
    for name, moment in served.items():
        found[today(name)] = max(moment, found.get(today(name), moment))
    return found
