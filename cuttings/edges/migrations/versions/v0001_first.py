"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not taken from the tables: those move on, this step stays what it was.
MOMENT = sa.String(27)
NAME = sa.String(64)
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text()),
        sa.Column("source", NAME, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("hint", sa.Text()),
        sa.Column("state", NAME, nullable=False),
        sa.Column("last_visit", MOMENT),
        sa.Column("next_visit", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("sha256", NAME),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_addresses")),
    )
    op.create_index("ix_addresses_next_visit", "addresses", ["next_visit"], unique=False)
    op.create_index("ix_addresses_source_next_visit", "addresses", ["source", "next_visit"], unique=False)
    op.create_table(
        "labels",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("theme", NAME, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", "theme", name=op.f("pk_labels")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_labels_theme_at", "labels", ["theme", "at"], unique=False)
    op.create_table(
        "letters",
        sa.Column("issue", sa.String(length=160), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text()),
        sa.Column("attachment_name", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("issue", "kind", name=op.f("pk_letters")),
    )
    op.create_table(
        "mail_suppressions",
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("why", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("folded", name=op.f("pk_mail_suppressions")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("issue", sa.String(length=160), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("state", NAME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("claimed_by", sa.String(length=120)),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("message_id", sa.String(length=250)),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("issue", "folded", "kind", name=op.f("uq_outbox_issue_folded_kind")),
    )
    op.create_index("ix_outbox_folded", "outbox", ["folded"], unique=False)
    op.create_index("ix_outbox_state_next_try", "outbox", ["state", "next_try"], unique=False)
    op.create_index("ix_outbox_updated", "outbox", ["updated"], unique=False)
    op.create_table(
        "recipients",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("edition", NAME, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("added", MOMENT, nullable=False),
        sa.Column("removed", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("edition", "folded", name=op.f("uq_recipients_edition_folded")),
    )
    op.create_index("ix_recipients_folded", "recipients", ["folded"], unique=False)
    op.create_table(
        "redactions",
        sa.Column("original", NAME, nullable=False),
        sa.Column("redacted", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("original", name=op.f("pk_redactions")),
    )
    op.create_table(
        "rulings",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("decision", NAME, nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("exact", sa.String(length=80)),
        sa.Column("undone_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index("ix_rulings_at", "rulings", ["at"], unique=False)
    op.create_index("ix_rulings_exact", "rulings", ["exact"], unique=False)
    op.create_index("ix_rulings_subject", "rulings", ["subject"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("beat", MOMENT, nullable=False),
        sa.Column("ended", MOMENT),
        sa.Column("state", NAME, nullable=False),
        sa.Column("counts", sa.Text()),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_kind_state", "runs", ["kind", "state"], unique=False)
    op.create_table(
        "sources",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_contact", MOMENT, nullable=False),
        sa.Column("last_contact", MOMENT, nullable=False),
        sa.Column("last_success", MOMENT),
        sa.Column("last_failure", MOMENT),
        sa.Column("failure", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_table(
        "stories",
        sa.Column("key", NAME, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("merged_into", NAME),
        sa.ForeignKeyConstraint(["merged_into"], ["stories.key"], name=op.f("fk_stories_merged_into")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stories")),
    )
    op.create_index("ix_stories_merged_into", "stories", ["merged_into"], unique=False)
    op.create_table(
        "suppressions",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("kind", "value", "scope", name=op.f("uq_suppressions_kind_value_scope")),
    )
    op.create_table(
        "usage",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("issue", sa.String(length=160), nullable=False),
        sa.Column("article", NAME, nullable=False),
        sa.Column("source", NAME),
        sa.Column("licence", NAME, nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
        sa.UniqueConstraint("issue", "article", name=op.f("uq_usage_issue_article")),
    )
    op.create_index("ix_usage_article", "usage", ["article"], unique=False)
    op.create_index("ix_usage_at", "usage", ["at"], unique=False)
    op.create_table(
        "articles",
        sa.Column("key", NAME, nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("source", NAME),
        sa.Column("title", sa.Text()),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("archive", sa.Boolean(), nullable=False),
        sa.Column("story", NAME, nullable=False),
        sa.Column("primary_theme", NAME),
        sa.Column("exact", sa.String(length=80)),
        sa.Column("bands", sa.LargeBinary()),
        sa.Column("text_expires", MOMENT),
        sa.Column("text_gone_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_articles_story")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_exact", "articles", ["exact"], unique=False)
    op.create_index("ix_articles_first_seen", "articles", ["first_seen"], unique=False)
    op.create_index("ix_articles_published_at", "articles", ["published_at"], unique=False)
    op.create_index("ix_articles_source_first_seen", "articles", ["source", "first_seen"], unique=False)
    op.create_index("ix_articles_story", "articles", ["story"], unique=False)
    op.create_index("ix_articles_text_expires", "articles", ["text_expires"], unique=False)
    op.create_table(
        "issues",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("edition", NAME, nullable=False),
        sa.Column("period_start", sa.String(length=10), nullable=False),
        sa.Column("period_end", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("begun", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("expires", MOMENT),
        sa.Column("run", ROW),
        sa.Column("digest", sa.Text()),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_issues_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint(
            "edition",
            "period_start",
            "period_end",
            "revision",
            name=op.f("uq_issues_edition_period_start_period_end_revision"),
        ),
    )
    op.create_index("ix_issues_edition_period_end", "issues", ["edition", "period_end"], unique=False)
    op.create_index("ix_issues_state", "issues", ["state"], unique=False)
    op.create_table(
        "pages",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("run", ROW),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", NAME),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", NAME, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("status", sa.Integer()),
        sa.Column("media_type", sa.Text()),
        sa.Column("sha256", NAME),
        sa.Column("size", sa.BigInteger()),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_pages_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
    )
    op.create_index("ix_pages_at", "pages", ["at"], unique=False)
    op.create_index("ix_pages_run", "pages", ["run"], unique=False)
    op.create_index("ix_pages_sha256", "pages", ["sha256"], unique=False)
    op.create_index("ix_pages_url_at", "pages", ["url", "at"], unique=False)
    op.create_table(
        "source_contacts",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("source", NAME, nullable=False),
        sa.Column("run", ROW),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("failure", sa.Text()),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_source_contacts_run")),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_source_contacts_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_contacts")),
    )
    op.create_index("ix_source_contacts_at", "source_contacts", ["at"], unique=False)
    op.create_index("ix_source_contacts_source_at", "source_contacts", ["source", "at"], unique=False)
    op.create_table(
        "story_merges",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("elder", NAME, nullable=False),
        sa.Column("younger", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["elder"], ["stories.key"], name=op.f("fk_story_merges_elder")),
        sa.ForeignKeyConstraint(["younger"], ["stories.key"], name=op.f("fk_story_merges_younger")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_merges")),
    )
    op.create_index("ix_story_merges_elder", "story_merges", ["elder"], unique=False)
    op.create_index("ix_story_merges_younger", "story_merges", ["younger"], unique=False)
    op.create_table(
        "article_bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article", NAME, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_article_bands_article")),
        sa.PrimaryKeyConstraint("band", "article", name=op.f("pk_article_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article_versions",
        sa.Column("article", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("cause", NAME, nullable=False),
        sa.Column("reader", sa.String(length=80)),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("page_sha256", NAME),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_article_versions_article")),
        sa.PrimaryKeyConstraint("article", "version", name=op.f("pk_article_versions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comments",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("article", NAME, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer()),
        sa.Column("author", sa.Text()),
        sa.Column("author_url", sa.Text()),
        sa.Column("author_hash", NAME),
        sa.Column("names_expire", MOMENT),
        sa.Column("by_article_author", sa.Boolean(), nullable=False),
        sa.Column("posted", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("links", sa.Text()),
        sa.Column("exact", sa.String(length=80)),
        sa.Column("bands", sa.LargeBinary()),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT),
        sa.Column("erased_at", MOMENT),
        sa.Column("outcome", NAME, nullable=False),
        sa.Column("quotable", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("duplicate_of", NAME),
        sa.Column("rules_version", sa.String(length=80), nullable=False),
        sa.Column("judged_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_comments_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("key", name=op.f("uq_comments_key")),
    )
    op.create_index("ix_comments_article_n", "comments", ["article", "n"], unique=False)
    op.create_index("ix_comments_author_hash", "comments", ["author_hash"], unique=False)
    op.create_index("ix_comments_exact", "comments", ["exact"], unique=False)
    op.create_index("ix_comments_first_seen", "comments", ["first_seen"], unique=False)
    op.create_index("ix_comments_names_expire", "comments", ["names_expire"], unique=False)
    op.create_index("ix_comments_outcome_score", "comments", ["outcome", "score"], unique=False)
    op.create_table(
        "issue_files",
        sa.Column("issue", sa.String(length=160), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name=op.f("fk_issue_files_issue")),
        sa.PrimaryKeyConstraint("issue", "kind", name=op.f("pk_issue_files")),
    )
    op.create_table(
        "issue_items",
        sa.Column("issue", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("story", NAME, nullable=False),
        sa.Column("article", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("theme", NAME),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_issue_items_article")),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name=op.f("fk_issue_items_issue")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_issue_items_story")),
        sa.PrimaryKeyConstraint("issue", "position", name=op.f("pk_issue_items")),
    )
    op.create_index("ix_issue_items_article", "issue_items", ["article"], unique=False)
    op.create_index("ix_issue_items_story", "issue_items", ["story"], unique=False)
    op.create_table(
        "issue_log",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("issue", sa.String(length=160), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("was", NAME, nullable=False),
        sa.Column("became", NAME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["issue"], ["issues.id"], name=op.f("fk_issue_log_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_log")),
    )
    op.create_index("ix_issue_log_issue", "issue_log", ["issue"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("article", NAME, nullable=False),
        sa.Column("story", NAME, nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_memberships_article")),
        sa.ForeignKeyConstraint(["story"], ["stories.key"], name=op.f("fk_memberships_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_article", "memberships", ["article"], unique=False)
    op.create_index("ix_memberships_story", "memberships", ["story"], unique=False)
    op.create_table(
        "page_articles",
        sa.Column("page", ROW, nullable=False),
        sa.Column("article", NAME, nullable=False),
        sa.ForeignKeyConstraint(["page"], ["pages.id"], name=op.f("fk_page_articles_page")),
        sa.PrimaryKeyConstraint("page", "article", name=op.f("pk_page_articles")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_page_articles_article", "page_articles", ["article"], unique=False)
    op.create_table(
        "set_aside",
        sa.Column("article", NAME, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], name=op.f("fk_set_aside_article")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_set_aside")),
    )
    op.create_table(
        "comment_bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment", ROW, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name=op.f("fk_comment_bands_comment")),
        sa.PrimaryKeyConstraint("band", "comment", name=op.f("pk_comment_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verdicts",
        sa.Column("id", ROW, autoincrement=True, nullable=False),
        sa.Column("comment", ROW, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("outcome", NAME, nullable=False),
        sa.Column("quotable", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("duplicate_of", NAME),
        sa.Column("rules_version", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["comment"], ["comments.id"], name=op.f("fk_verdicts_comment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_comment", "verdicts", ["comment"], unique=False)
