"""What stands in an article's body and is no part of it, told by tag, role, class and id."""

from __future__ import annotations

import re

from parsers.markup import Element
from parsers.soup import split_case
from parsers.wording import words

# Class and id tokens of things that stand in an article's body and are not part of it. Whole tokens or their parts
# between hyphens and underscores, so that "shareholders" or "advice" in a class never counts. These patterns are asked
# of names in lower case: with re.I they would take three times as long, and they are asked of every element.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:"
    r"(?P<share>share|sharing|shares|sharedaddy|sharethis|addtoany|addthis|a2a|social|socials|"
    r"jp-relatedposts|like|likes|likebtn|"
    r"ssba|essb|heateor|shariff|wpusb|sociable)"
    r"|(?P<related>related|relatedposts|yarpp|recommended|recommendations?|relates|related-posts?|"
    r"more-?posts|moreposts|seriesbox|crp|outbrain|taboola|zergnet|readmore|"
    r"read-more|read-next|see-also|more-stories|morestories|further-reading|trending|popular|post-navigation|nav-links)"
    r"|(?P<advert>ad|ads|advert|adverts|advertisement|advertising|adsbygoogle|adslot|dfp|sponsor|"
    r"sponsored|promo|promobox|"
    r"promotion|banner|mpu|leaderboard|affiliate)"
    r"|(?P<sign>newsletter|subscribe|subscription|signup|sign-up|optin|opt-in|mailchimp|mc4wp|cta|"
    r"donate|donation|paywall|"
    r"regwall|registration|login)"
    r"|(?P<meta>breadcrumbs?|byline|bylines|entry-meta|post-meta|postmeta|article-meta|meta-info|posted-on|post-date|"
    r"entry-date|tags|tag-links|taglist|post-tags|entry-tags|cat-links|postmetadata|entry-footer|"
    r"post-footer|post-categories|"
    r"reading-time|rt-reading-time|authorbox|author[_-]{1,2}(?:box|info|details?|profile|card|section)|"
    r"post-views|rating|ratings|"
    r"kk-star-ratings|print-link|"
    r"printfriendly|edit-link|editsection|pagination|pager|page-links|toc|table-of-contents|"
    r"ez-toc-container|lwptoc|toc_container|toc-container|toc_list|"
    r"skip-link|screen-reader-text|visually-hidden|visuallyhidden|sr-only|element-invisible|assistive-text)"
    r"|(?P<comments>comments?-area|comments?-list|commentlist|comments|respond|comment-respond|"
    r"commentform|comment-form|"
    r"disqus_thread|disqus|fb-comments|comments?-link|comments?-section)"
    r"|(?P<side>sidebar|widget|widgets|navigation|menu|site-header|site-footer|masthead|cookie|"
    r"cookies|gdpr|consent|popup|modal|"
    r"lightbox|overlay|player|audio-player|gallery-caption)"
    r")(?=$|[\s_-])",
)
WHY = {
    "share": "buttons for sharing",
    "related": "links to other articles",
    "advert": "advertisement",
    "sign": "invitation to sign up",
    "meta": "the page's own notes about the article",
    "comments": "around the readers' comments",
    "side": "page furniture",
}
# Tokens that contain a furniture word and are content all the same.
_CONTENT = re.compile(
    r"(?:entry|post|article|story|page|main|body)[-_]?(?:content|body|text)|has-|wp-block-(?:media|"
    r"cover|group|columns?|table|"
    r"quote|list|image|heading|paragraph)|no-comments|articlebody|layout|theme-|with-|e-content|prose|rich-?text",
)
_FORMS = frozenset({"form", "button", "input", "select", "textarea", "fieldset", "label"})
_BY_CLASS_ALONE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "li"})


def names(element: Element) -> str:
    """Class and id in one string, "relatedPost" as "related-Post"."""
    named, number = element.get("class"), element.get("id")
    if number:
        named = f"{named} {number}" if named else number
    return split_case(named.strip()) if named else ""


def furniture(element: Element) -> str | None:
    """Why an element inside a body is furniture, or None. Judged by tag, role, class and id, never by its words."""
    tag = element.tag
    if tag in _FORMS:
        return "form"
    if not element.keys() and tag != "nav":
        return None  # without an attribute there is nothing more to judge by
    if tag == "nav" or element.get("role") in {"navigation", "banner", "contentinfo", "search", "dialog"}:
        return "navigation"
    style = element.get("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return "hidden on the page"
    if element.get("hidden") is not None or (
        element.get("aria-hidden") == "true" and tag not in {"p", "div", "section"}
    ):
        return "hidden on the page"
    named = element.get("class") or "" if tag in _BY_CLASS_ALONE else names(element)  # h2#how-to-respond
    if not named or (tag in {"body", "html", "article", "main", "p"} and not short(element)):
        return None
    low = named.lower()
    match = _FURNITURE.search(low)
    if not match or _CONTENT.search(low):
        return None
    return WHY[match.lastgroup or "side"]


def short(element: Element) -> bool:
    return len(words(element)) < 160
