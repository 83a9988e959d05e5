"""Classes, ids and phrases by which comments and their parts are marked, over all themes and plugins that we know."""

from __future__ import annotations

import re

from parsers.soup import Like
from parsers.wording import SILENT

MOST = 2_000  # comments read on one page; the longest real threads come in pages of a few hundred
_WORD = r"(?:comments?|kommentare?|commentaires?|comentarios?|komentarz|komentar|reacties?|leserbrief|talkback|cmt)"
ITEM_ID = re.compile(
    rf"^(?:(?:li|div|article|single|wp|wpd|dsq|idc|the)[-_])*(?:{_WORD}|comm|forum|reply|message|"
    rf"bb_message)[-_]?(?:id|c|msg)?[-_]?"
    r"(?P<n>\d+(?=(?:_\d)?$)|(?=[0-9a-f-]*\d)[0-9a-f-]{8,})(?:_\d)?$|^c(?P<b>\d{9,})$",
    re.I,
)
ITEM_IDS = Like(
    ITEM_ID,
    (" c", "comm", "komm", "coment", "koment", "reactie", "leserbrief", "talkback", "cmt", "forum", "reply", "message"),
)
ITEM_CLASSES = frozenset(
    [
        "comment",
        "comment-item",
        "comment_item",
        "commentitem",
        "comment__item",
        "comment-entry",
        "comment_entry",
        "single-comment",
        "comment-single",
        "comment-box",
        "commentbox",
        "usercomment",
        "user-comment",
        "user_comment",
        "reader-comment",
        "kommentar",
        "kommentar-item",
        "commentaire",
        "comentario",
        "komentarz",
        "leserbrief",
        "comment-wrap",
        "comment-container",
        "comment-wrapper",
        "comment-row",
        "comment-card",
        "comment-post",
        "comment-holder",
        "comment-unit",
        "comment-node",
        "comment-block",
        "comments-item",
        "comments__item",
        "comment-list-item",
        "comment-list__item",
        "comment-listing",
        "comments-list__item",
        "comments-list-item",
        "wpd-comment",
        "u-comment",
        "js-comment",
        "c-comment",
        "o-comment",
        "m-comment",
        "post-comment",
        "blog-comment",
        "article-comment",
        "reactie",
    ]
)
ITEM_TAGS = frozenset({"li", "div", "article", "section", "dl", "tr", "td", "blockquote", "p", "details"})
NOT_THREAD = frozenset(
    [
        "widget",
        "sidebar",
        "recentcomments",
        "recent-comments",
        "recent_comments",
        "latest-comments",
        "wp-block-latest-comments",
        "widget_recent_comments",
        "respond",
        "comment-respond",
        "commentform",
        "comment-form",
        "testimonials",
        "testimonial",
        "code",
        "highlight",
        "hljs",
        "crayon",
        "prettyprint",
        "syntaxhighlighter",
        "sourcecode",
    ]
)
PING = frozenset({"pingback", "trackback", "pinglist", "pings", "trackbacks"})
# NOISE, AUTHORISH and DATEISH are asked of names in lower case, which takes a third of the time of re.I.
NOISE = re.compile(
    r"(?:^|[\s_-])(?:reply|replies|reply-link|antworten|repondre|avatar|gravatar|says|comment-meta|"
    r"commentmetadata|comment-metadata|"
    r"comment-date|comment-time|comment-author|comment-header|comment-footer|comment-actions|"
    r"comment-edit|comment-edit-link|"
    r"edit-link|like|likes|likebtn|liking|comment-likes|comment-like|vote|votes|voting|rating|ratings|"
    r"wprm-comment-rating|stars|share|report|"
    r"flag|permalink|awaiting|awaiting-moderation|comment-awaiting-moderation|toolbar|tools|actions|"
    r"links|vcard|badge|badges|"
    r"thumbs|karma|score|moderation|thread-toggle|thread-chrome-toggle|item-control|signature|"
    r"user-info|userinfo|profile|quote-link|"
    r"comment-rating|submitted|screen-reader-text|sr-only|visually-hidden|visuallyhidden|"
    r"element-hidden|element-invisible|"
    r"comment-number|comment-count|comment-index|comment-replybox-single|comment-replybox-thread|continue)(?=$|[\s_-])",
)
TEXT_TOKENS = [
    "comment-content",
    "comment_content",
    "comment__content",
    "commentcontent",
    "comment-text",
    "comment_text",
    "comment__text",
    "commenttext",
    "comment-body-text",
    "comment-message",
    "comment__message",
    "comment_message",
    "commentmessage",
    "wp-block-comment-content",
    "field-name-comment-body",
    "field--name-comment-body",
    "wpd-comment-text",
    "wc-comment-text",
    "comment-copy",
    "commentcopy",
    "kommentar-text",
    "comment-texte",
    "comment-entry",
    "comment__body",
    "comment-body",
    "comment_body",
    "commentbody",
    "comment-inner",
    "comment-post-text",
    "comment-bubble-text",
    "commentbody",
    "forum-texte",
    "message-text",
    "text",
    "body",
    "content",
    "message",
    "entry-content",
    "texte",
    "texto",
    "inhalt",
    "description",
]
TEXT_PROPS = frozenset({"text", "commenttext", "description", "articlebody", "reviewbody"})
AUTHOR_STRONG = [
    "fn",
    "comment-author-name",
    "comment_author_name",
    "comment-name",
    "comment__author-name",
    "comment-author__name",
    "author-name",
    "commenter-name",
    "comment-user-name",
    "username",
    "user-name",
    "user_name",
    "display-name",
    "nickname",
    "wp-block-comment-author-name",
    "comment-author-link",
    "wpd-comment-author",
    "wc-comment-author",
]
AUTHOR_WEAK = [
    "comment-author",
    "comment__author",
    "comment_author",
    "commentauthor",
    "comment-user",
    "comment__user",
    "commenter",
    "comment-by",
    "author",
    "autor",
    "user",
    "benutzer",
    "name",
    "poster",
    "nick",
    "who",
    "vcard",
    "person",
    "member-name",
    "postedby",
    "posted-by",
    "comment-poster",
]
AUTHORISH = re.compile(
    r"author|autor|user|(?:^|[-_])(?:nick|nome|nombre|name|poster|commenter|member|who|from|by)(?:$|[-_])"
)
DATEISH = re.compile(
    r"date|time|datum|data\b|fecha|posted|publish|stamp|meta|when|created|submitted|info|zeit|header|byline"
)
DATE_PROPS = frozenset({"datepublished", "datecreated", "commenttime", "datemodified", "uploaddate"})
SAYS = re.compile(
    r"\s*\b(?:says|said|writes|wrote|sagt|sagte|schreibt|schrieb|meint|dijo|dice|escribió|a dit|"
    r"a écrit|dit|disse|napisał\(a\)|"
    r"permalink|commented|replied|on|am|le|el|at|um|·|•|\|)\s*[:.…]*\s*$",
    re.I,
)
BY = re.compile(
    r"^(?:(?:posted|written|comment(?:ed)?|submitted|geschrieben|verfasst|kommentar|publié|"
    r"enviado)\s+)?(?:by|von|par|por)\s*:?\s+",
    re.I,
)
GRAVATAR = re.compile(r"^(?:Gravatar of|Avatar (?:of|for)|Profilbild von|Avatar von)\s+", re.I)
CHROME = re.compile(
    r"^(?:\W*(?:reply|reply to \S+.{0,40}|antworten?|responder|répondre|odpowiedz|rispondi|replies|"
    r"réponses|respuestas|like|liked|liken|gefällt mir|report|report abuse|"
    r"report this|share|permalink|link|edit|delete|löschen|melden|flag|quote|zitieren|loading\.*|wird geladen\.*|"
    r"log in to reply|login to reply|you must be logged in to (?:reply|post a comment)|"
    r"your comment is awaiting moderation|"
    r"(?:liked|gefällt|like|likes)\s*(?:by \d+ \w+|\d+)|\d+|(?:up|down)vote|vote (?:up|down)|says|"
    r"show replies|hide replies|view replies)\W*)$|^[\s!-/:-@\[-`{-~·•|–—…«»“”‘’]{1,5}$",
    re.I,
)
HEADING = re.compile(
    rf"^(?:\d+\s+)?(?:(?:our\s+)?readers?['’]?s?\s+|(?:all|your|the)\s+)?(?:{_WORD}|responses|replies|thoughts on|"
    rf"leserpost|antworten|feedback|discussion|discuss this|have your say|your (?:views?|say|thoughts|letters)|"
    rf"join the (?:discussion|conversation|debate)|what you (?:say|said|think|thought)|"
    rf"meinungen|opiniones)\b.{{0,80}}$",
    re.I,
)
CONTAINER = re.compile(
    rf"(?:^|[\s_-]){_WORD}|leserbrief|leserpost|lesermeinung|reader-?responses|talkback|discussion|forum|reactions",
    re.I,
)
CONTAINERS = Like(
    CONTAINER,
    ("comment", "komment", "coment", "koment", "react", "leser", "talkback", "cmt", "reader", "discussion", "forum"),
)


_UNREAD = SILENT | {"form", "label", "button", "textarea", "input", "select"}


TEXT_SET = set(TEXT_TOKENS[:24])
