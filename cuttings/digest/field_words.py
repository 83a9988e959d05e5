"""Words of which one is enough to keep a story without a theme in a digest on adult social care.

Wide on purpose: a themeless piece that is kept by mistake costs a headline under 'Other'; a nursing home's closure that
is set aside is not read by those whom it concerns. Same language as the themes' phrases (themes_phrases.py).
"""

from __future__ import annotations

import re

_HOMES = (
    "nursing home", "nursing care", "rest home", "retirement home", "retirement village", "retirement housing",
    "old people's home", "old folks' home", "residential home", "care village", "care facility", "almshouse",
    "extra care hous*", "extra care scheme", "extra care flat", "extra care village", "extra care home",
    "housing with care", "sheltered hous*", "sheltered scheme", "sheltered accommodation", "sheltered flat",
    "supported living", "supported hous*", "supported accommodation", "assisted living", "independent living",
    "shared lives", "group home", "older people's housing", "crisis house", "crisis cafe", "crisis café",
    "crisis team", "recovery house", "day service", "day opportunit*", "day care for adults", "meals on wheels",
    "lunch club", "luncheon club", "memory cafe", "memory café", "memory clinic", "memory service", "memory loss",
    "community hospital", "cottage hospital", "hospice", "respite",
)  # fmt: skip
_SERVICES = (
    "care agency", "care assistant", "care bill", "care boss*", "care cap", "care charge", "care chief",
    "care company", "care cost", "care cuts", "care crisis", "care fees", "care firm", "care fund*", "care group",
    "care inspector*", "care inspectorate", "care manager", "care minister", "care operator", "care package",
    "care plan", "care regulator", "care staff", "care support", "care team", "care visit", "care watchdog",
    "careworker", "cost of care", "charges for care", "pay for care", "paying for care", "fees for care", "careline",
    "live-in care", "live-in carer", "support worker", "support at home", "community care", "personal care",
    "continuing healthcare", "continuing health care", "intermediate care", "integrated care", "reablement",
    "reabling", "hospital discharge", "delayed discharge", "bed-blocking", "bed blocker", "district nurse",
    "community nurse", "occupational therap*", "social prescrib*", "befriend*", "lonel*", "social isolation",
    "telecare", "pendant alarm", "community alarm", "disabled facilities grant", "home adaptation", "stairlift",
    "adult safeguarding", "safeguarding adults", "vulnerable adult", "vulnerable people", "vulnerable resident",
    "adult at risk", "adults at risk", "power of attorney", "court of protection", "deprivation of liberty",
    "mental capacity", "end of life", "palliative", "terminally ill", "assisted dying", "continence", "frail*",
    "falls prevention", "adults director", "adult director", "director of adult*", "director for adult*",
    "director of social serv*", "director + adults", "adults + cabinet member", "cabinet member for adult*",
    "adults chief", "adults boss", "adults' services", "adult services", "adults' care", "adult social",
    "adults' social",
)  # fmt: skip
_PEOPLE = (
    "disability", "disabilities", "disabled", "learning difficult*", "learning disab*", "special needs", "autis*",
    "asperger*", "neurodiver*", "ADHD", "down's syndrome", "downs syndrome", "down syndrome", "cerebral palsy",
    "multiple sclerosis", "with MS", "has MS", "motor neurone", "MND", "muscular dystrophy", "spina bifida",
    "epilep*", "huntington's", "parkinson's", "parkinsons", "parkinson disease", "parkinson's disease", "alzheimer's",
    "alzheimers", "alzheimer", "dementia", "stroke survivor", "stroke patient", "stroke service", "stroke club",
    "stroke association", "stroke unit", "stroke victim", "brain injury", "brain injuries", "spinal injur*",
    "paralys*", "amputee", "wheelchair", "deaf", "deafblind", "hard of hearing", "hearing loss", "hearing aid",
    "blind people", "blind person", "blind man", "blind woman", "sight loss", "sight charity", "partially sighted",
    "visually impaired", "visual impairment", "guide dog", "assistance dog", "sign language", "mental health",
    "mental illness*", "mental ill-health", "mentally ill", "psychiatr*", "schizophren*", "bipolar", "psychosis",
    "eating disorder", "suicide prevention", "older people", "older person", "older resident", "older adult",
    "older man", "older men", "older woman", "older women", "older tenant", "older patient", "older citizen",
    "older generation", "elderly", "pensioner", "OAP", "OAPs", "old age", "senior citizen", "age-friendly",
    "ageing population", "ageing well", "carer", "unpaid care", "family care", "caring for", "cared for",
    "looks after his", "looks after her",
)  # fmt: skip
_MONEY = (
    "attendance allowance", "carer's allowance", "carers allowance", "carers' allowance", "carer's credit",
    "disability living allowance", "DLA", "personal independence payment", "PIP", "disability benefit",
    "disability payment", "adult disability payment", "sickness benefit", "incapacity benefit",
    "employment and support allowance", "work capability assessment", "motability", "access to work scheme",
    "independent living fund", "pension credit", "winter fuel payment", "winter fuel allowance", "blue badge",
    "bus pass*", "concessionary travel", "dial-a-ride", "community transport", "radar key", "changing places toilet",
)  # fmt: skip
_BODIES = (
    "age uk", "age concern", "age cymru", "age scotland", "mencap", "alzheimer's society", "carers uk",
    "carers trust", "carers week", "national care forum", "homecare association", "care england", "healthwatch",
    "scope charity", "disability rights uk", "royal national institute of blind people", "RNIB", "RNID",
    "care inspectorate wales",
)  # fmt: skip

KEEPS: tuple[str, ...] = (*_HOMES, *_SERVICES, *_PEOPLE, *_MONEY, *_BODIES)

# 'Free flu jabs for over-65s'
OF_AN_AGE = re.compile(r"\bover[-\s]?(?:the\sage\sof\s)?[6-9]\d['’]?s\b", re.IGNORECASE)

# In a headline: 'Widow, 90, evicted', '84-year-old waits on floor'
OLD = re.compile(
    r",\s(?:[7-9]\d|10\d)(?=[,.:;]|\s|$)|\baged\s(?:[7-9]\d|10\d)\b|\b(?:[7-9]\d|10\d)-year-old", re.IGNORECASE
)

# Beside a theme's phrase in the headline, however weak, one of these is enough; by itself it says little.
A_CARE_WORD = re.compile(
    r"(?<!taking )(?<!take )(?<!takes )(?<!taken )(?<!took )(?<!great )(?<!without )(?<!child )(?<!hair )(?<!skin )"
    r"(?<!lawn )(?<!car )(?<!pet )(?<!foster )(?<!customer )(?<!after)\b"
    r"(?:care(?!\s(?:about|to|less|whether|if|was taken|is taken))|caring|nurses?|nursing|infirm\w*|impairments?|"
    r"bedridden|housebound|convalesc\w+|rehabilitat\w+)\b",
    re.IGNORECASE,
)
