"""Digest -> HTML -> PDF, and the e-mail that carries them.

    document = html(digest, medium="print")     # for the PDF
    twin = html(digest)                         # the self-contained HTML file
    data = pdf_from_html(document)              # in the killable worker
    faults = check(digest, twin, data, stories) # a tuple of sentences; anything in it stops the issue

Only the templates' folder is read from disk, once.
"""

from cuttings.render.gate import check, hopeless, overlong
from cuttings.render.letter import Letter, attachment, email_html, email_text, letter, notice_letter, subject
from cuttings.render.pdf import pdf_from_html
from cuttings.render.rescue import rescue
from cuttings.render.taken import words_by_article
from cuttings.render.view import Look, crest, html, look

__all__ = [
    "Letter",
    "Look",
    "attachment",
    "check",
    "crest",
    "email_html",
    "email_text",
    "hopeless",
    "html",
    "letter",
    "look",
    "notice_letter",
    "overlong",
    "pdf_from_html",
    "rescue",
    "subject",
    "words_by_article",
]
