"""Every table, in the order of the way of a page. The migrations build them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from cuttings.edges.store.columns import KEY, NAME, ROW, Bands, Json, Moment, Packed, Words, numbered

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# ---------------------------------------------------------------- runs

runs = Table(
    "runs",
    metadata,
    numbered(),
    Column("kind", NAME, nullable=False),
    Column("started", Moment, nullable=False),
    Column("beat", Moment, nullable=False),  # last sign of life; a run without one for long is a zombie
    Column("ended", Moment),
    Column("state", NAME, nullable=False),  # running, done, failed, abandoned
    Column("counts", Json),
    Column("detail", Words),
    Column("process", Words),  # the process at work, so that others on its machine can tell whether it lives
    Index("ix_runs_kind_state", "kind", "state"),
)

# Watermarks and other single facts that must survive Prefect: "collect up to", the hash key's own fingerprint.
marks = Table(
    "marks",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Json),
    Column("at", Moment, nullable=False),
)

# ---------------------------------------------------------------- sources, addresses, pages

sources = Table(
    "sources",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("name", Words, nullable=False),
    Column("first_contact", Moment, nullable=False),
    Column("last_contact", Moment, nullable=False),
    Column("last_success", Moment),
    Column("last_failure", Moment),
    Column("failure", Words),  # why the last failure happened
    Column("failures", Integer, nullable=False),  # in a row
)

source_contacts = Table(
    "source_contacts",
    metadata,
    numbered(),
    Column("source", NAME, ForeignKey("sources.id"), nullable=False),
    Column("run", ROW, ForeignKey("runs.id")),
    Column("at", Moment, nullable=False),
    Column("failure", Words),  # null: the source could be read
    Column("found", Integer, nullable=False),
    Index("ix_source_contacts_at", "at"),
    Index("ix_source_contacts_source_at", "source", "at"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("url", Words, primary_key=True),  # canonical
    Column("asked", Words),  # as the source gave it, where that differs
    Column("source", NAME, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("hint", Words),  # publication date as the feed or sitemap gives it, ISO 8601
    Column("state", NAME, nullable=False),  # new, read, set aside, failed
    Column("last_visit", Moment),
    Column("next_visit", Moment),  # null: never again
    Column("failures", Integer, nullable=False),  # in a row
    Column("etag", Words),
    Column("last_modified", Words),
    Column("sha256", KEY),  # of the last body
    Index("ix_addresses_next_visit", "next_visit"),
    Index("ix_addresses_source_next_visit", "source", "next_visit"),
)

pages = Table(
    "pages",
    metadata,
    numbered(),
    Column("run", ROW, ForeignKey("runs.id")),
    Column("url", Words, nullable=False),
    Column("source", NAME),
    Column("at", Moment, nullable=False),
    Column("outcome", NAME, nullable=False),  # read, unchanged, set aside, failed
    Column("reason", Words),
    Column("status", Integer),
    Column("media_type", Words),
    Column("sha256", KEY),
    Column("size", BigInteger),
    Column("document", ROW),  # `id` of the first of the pages that were read together; null: read alone
    Column("final_url", Words),  # where its redirects ended; reading it again needs that
    Index("ix_pages_at_outcome_size", "at", "outcome", "size"),
    Index("ix_pages_url_at", "url", "at"),
    Index("ix_pages_sha256_source_at", "sha256", "source", "at"),
    Index("ix_pages_run", "run"),
    Index("ix_pages_document", "document"),
)

page_articles = Table(
    "page_articles",
    metadata,
    Column("page", ROW, ForeignKey("pages.id"), primary_key=True),
    Column("article", KEY, primary_key=True),  # begins on this page
    Index("ix_page_articles_article", "article"),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- articles and stories

stories = Table(
    "stories",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("first_seen", Moment, nullable=False),
    Column("merged_into", KEY, ForeignKey("stories.key")),
    Index("ix_stories_merged_into", "merged_into"),
)

articles = Table(
    "articles",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("url", Words),
    Column("source", NAME),
    Column("title", Words),
    Column("first_seen", Moment, nullable=False),
    Column("published_at", Moment),  # the first instant that Article.published can mean
    Column("version", Integer, nullable=False),
    Column("changed", Boolean, nullable=False, default=False),  # by its publisher, after we first read it
    Column("archive", Boolean, nullable=False, default=False),  # older than first contact looks back
    Column("story", KEY, ForeignKey("stories.key"), nullable=False),
    Column("primary_theme", NAME),
    Column("exact", String(80)),  # hash of the folded text: equal texts, equal hash
    Column("bands", Bands),  # those it stands under in article_bands
    Column("text_expires", Moment),  # when the licence ends our keeping of the text
    Column("text_gone_at", Moment),  # it has ended
    Column("withdrawn_at", Moment),
    Index("ix_articles_url", "url"),
    Index("ix_articles_published_at", "published_at"),
    Index("ix_articles_first_seen", "first_seen"),
    Index("ix_articles_story", "story"),
    Index("ix_articles_source_first_seen_primary_theme_key", "source", "first_seen", "primary_theme", "key"),
    Index("ix_articles_exact", "exact"),
    Index("ix_articles_text_expires", "text_expires"),
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("article", KEY, ForeignKey("articles.key"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("read_at", Moment, nullable=False),
    Column("cause", NAME, nullable=False),  # first; publisher: the page changed; reread: the same page, read better
    Column("reader", String(80)),  # version of the program that read it
    Column("fields", Json, nullable=False),  # names of the fields that differ from the version before
    Column("page_sha256", KEY),
    Column("data", Packed, nullable=False),  # model.Article
    Index("ix_article_versions_cause_read_at", "cause", "read_at"),
)

memberships = Table(
    "memberships",
    metadata,
    numbered(),
    Column("article", KEY, ForeignKey("articles.key"), nullable=False),
    Column("story", KEY, ForeignKey("stories.key"), nullable=False),
    Column("similarity", Float, nullable=False),
    Column("because", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),  # null: it holds
    Index("ix_memberships_article", "article"),
    Index("ix_memberships_story", "story"),
)

story_merges = Table(
    "story_merges",
    metadata,
    numbered(),
    Column("elder", KEY, ForeignKey("stories.key"), nullable=False),
    Column("younger", KEY, ForeignKey("stories.key"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("because", Words, nullable=False),
    Index("ix_story_merges_elder", "elder"),
    Index("ix_story_merges_younger", "younger"),
)

article_bands = Table(
    "article_bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article", KEY, ForeignKey("articles.key"), primary_key=True),
    sqlite_with_rowid=False,
)

# Who wrote what, for telling a publisher's article from a reader's comment when somebody asks to be forgotten.
bylines = Table(
    "bylines",
    metadata,
    Column("folded", String(200), primary_key=True),  # as `suppressed.folded_name` has it, cut to that
    Column("article", KEY, ForeignKey("articles.key"), primary_key=True),
    sqlite_with_rowid=False,
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("article", KEY, ForeignKey("articles.key"), primary_key=True),  # the first article of its document
    Column("read_at", Moment, nullable=False),
    Column("data", Packed, nullable=False),  # [model.Aside]
)

# ---------------------------------------------------------------- comments and verdicts

comments = Table(
    "comments",
    metadata,
    numbered(),
    Column("key", KEY, nullable=False),
    Column("article", KEY, ForeignKey("articles.key"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("parent", Integer),
    Column("author", Words),  # gone when names_expire has passed; the hash stays
    Column("author_url", Words),
    Column("author_hash", KEY),
    Column("names_expire", Moment),
    Column("by_article_author", Boolean, nullable=False),
    Column("posted", Words),
    Column("text", Words, nullable=False),
    Column("links", Json),
    Column("exact", String(80)),
    Column("bands", Bands),  # those it stands under in comment_bands
    Column("first_seen", Moment, nullable=False),
    Column("gone_at", Moment),  # no longer on the site
    Column("erased_at", Moment),  # the words were erased for a person's sake; the row keeps the counts honest
    # The verdict in force; those it replaced are in `verdicts`.
    Column("outcome", NAME, nullable=False),
    Column("quotable", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("because", Packed, nullable=False),  # [model.Reason]
    Column("duplicate_of", KEY),
    Column("rules_version", String(80), nullable=False),
    Column("judged_at", Moment, nullable=False),
    UniqueConstraint("key"),
    Index("ix_comments_article_n_outcome", "article", "n", "outcome"),
    Index("ix_comments_author_hash", "author_hash"),
    Index("ix_comments_exact", "exact"),
    Index("ix_comments_first_seen_outcome_erased_at", "first_seen", "outcome", "erased_at"),
    Index("ix_comments_outcome_score", "outcome", "score"),
    Index("ix_comments_names_expire", "names_expire"),
)

comment_bands = Table(
    "comment_bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("comment", ROW, ForeignKey("comments.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

verdicts = Table(
    "verdicts",
    metadata,
    numbered(),
    Column("comment", ROW, ForeignKey("comments.id"), nullable=False),
    Column("at", Moment, nullable=False),  # when it was given
    Column("until", Moment, nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("quotable", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("because", Packed, nullable=False),  # [model.Reason]
    Column("duplicate_of", KEY),
    Column("rules_version", String(80), nullable=False),
    Index("ix_verdicts_comment", "comment"),
)

# ---------------------------------------------------------------- labels, rulings, people

labels = Table(
    "labels",
    metadata,
    Column("subject", String(80), primary_key=True),  # "article:KEY" or "comment:KEY"
    Column("theme", NAME, primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", Packed, nullable=False),  # [model.Evidence]
    Column("is_primary", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_labels_theme_at", "theme", "at"),
    sqlite_with_rowid=False,
)

rulings = Table(
    "rulings",
    metadata,
    numbered(),
    Column("subject", String(160), nullable=False),
    Column("decision", NAME, nullable=False),
    Column("value", Words),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Words),
    Column("exact", String(80)),  # of the comment ruled on, so that a later copy of the same text is ruled alike
    Column("undone_at", Moment),
    Index("ix_rulings_subject", "subject"),
    Index("ix_rulings_exact", "exact"),
    Index("ix_rulings_at", "at"),
    Index("ix_rulings_undone_at_decision", "undone_at", "decision"),
)

suppressions = Table(
    "suppressions",
    metadata,
    numbered(),
    Column("kind", NAME, nullable=False),  # person, article, source
    Column("value", String(200), nullable=False),  # keyed hash of the name; Article.key; source id
    Column("scope", NAME, nullable=False),  # a source id, or "" for everywhere
    Column("at", Moment, nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words),
    UniqueConstraint("kind", "value", "scope"),
)

# A raw page that held a forgotten person's words, and what was kept in its place. When the site sends the first one
# again, it must not come back into the archive.
redactions = Table(
    "redactions",
    metadata,
    Column("original", KEY, primary_key=True),  # its SHA-256; the page itself is gone
    Column("redacted", KEY, nullable=False),
    Column("at", Moment, nullable=False),
)

recipients = Table(
    "recipients",
    metadata,
    numbered(),
    Column("edition", NAME, nullable=False),
    Column("address", Words, nullable=False),
    Column("folded", Words, nullable=False),  # for comparing
    Column("name", Words),
    Column("added", Moment, nullable=False),
    Column("removed", Moment),
    UniqueConstraint("edition", "folded"),
    Index("ix_recipients_folded", "folded"),
)

mail_suppressions = Table(
    "mail_suppressions",
    metadata,
    Column("folded", Words, primary_key=True),
    Column("address", Words, nullable=False),
    Column("why", NAME, nullable=False),  # unsubscribed, bounced, complained, erased
    Column("at", Moment, nullable=False),
    Column("detail", Words),
)

# ---------------------------------------------------------------- issues and delivery

issues = Table(
    "issues",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("edition", NAME, nullable=False),
    Column("period_start", String(10), nullable=False),  # days, ISO 8601; both belong to it
    Column("period_end", String(10), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # "Issue 12" of its edition; revisions share it
    Column("state", NAME, nullable=False),
    Column("begun", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("expires", Moment),  # awaiting approval: no answer by then means 'not sent'
    Column("run", ROW, ForeignKey("runs.id")),
    Column("digest", Packed),  # model.Digest, its audit within
    UniqueConstraint("edition", "period_start", "period_end", "revision"),
    Index("ix_issues_edition_period_end", "edition", "period_end"),
    Index("ix_issues_state", "state"),
)

issue_files = Table(
    "issue_files",
    metadata,
    Column("issue", String(160), ForeignKey("issues.id"), primary_key=True),
    Column("kind", NAME, primary_key=True),  # pdf, html, json, …
    Column("path", Words, nullable=False),
    Column("sha256", KEY, nullable=False),
    Column("size", BigInteger, nullable=False),
)

issue_items = Table(
    "issue_items",
    metadata,
    Column("issue", String(160), ForeignKey("issues.id"), primary_key=True),
    Column("position", Integer, primary_key=True),  # from 1; below 0 what is from the archive: -17 is the 17th item
    Column("story", KEY, ForeignKey("stories.key"), nullable=False),
    Column("article", KEY, ForeignKey("articles.key"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("theme", NAME),
    Column("reason", Words, nullable=False),  # why it was chosen
    Index("ix_issue_items_story", "story"),
    Index("ix_issue_items_article", "article"),
)

issue_log = Table(
    "issue_log",
    metadata,
    numbered(),
    Column("issue", String(160), ForeignKey("issues.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("was", NAME, nullable=False),
    Column("became", NAME, nullable=False),
    Column("by", Words, nullable=False),
    Column("proved", Boolean, nullable=False),  # was the name proved, or only typed?
    Column("reason", Words),
    Index("ix_issue_log_issue", "issue"),
)

letters = Table(
    "letters",
    metadata,
    Column("issue", String(160), primary_key=True),  # an issue's id, or a name such as "health 2026-04-06"
    Column("kind", NAME, primary_key=True),  # edition, notice, proof, correction
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("html", Words, nullable=False),
    Column("attachment", Words),  # path
    Column("attachment_name", Words),
    Column("at", Moment, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    numbered(),
    Column("issue", String(160), nullable=False),
    Column("kind", NAME, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("folded", Words, nullable=False),
    Column("name", Words),
    Column("state", NAME, nullable=False),  # new, sending, sent, refused, ambiguous, given up
    Column("attempts", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("next_try", Moment, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("claimed_by", String(120)),
    Column("updated", Moment, nullable=False),
    Column("message_id", String(250)),
    Column("detail", Words),
    Column("resent", NAME),  # sent once more, as the first may have arrived: by policy, by a person
    UniqueConstraint("issue", "folded", "kind"),
    Index("ix_outbox_folded", "folded"),
    Index("ix_outbox_updated_state", "updated", "state"),
    Index("ix_outbox_state_next_try", "state", "next_try"),
    Index("ix_outbox_resent_updated", "resent", "updated"),
)

usage = Table(
    "usage",
    metadata,
    numbered(),
    Column("issue", String(160), nullable=False),
    Column("article", KEY, nullable=False),
    Column("source", NAME),
    Column("licence", NAME, nullable=False),  # link, excerpt, full
    Column("words", Integer, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("issue", "article"),
    Index("ix_usage_at", "at"),
    Index("ix_usage_article", "article"),
)
