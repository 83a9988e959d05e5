"""Configuration and environment -> frozen settings. All validation of what a person typed happens here.

`config/default/*.toml` is ours, `config/local/*.toml` the deployer's. Tables with an `id` are merged by it
(the deployer's `[[source]]` with the id of one of ours changes only the keys it names; `enabled = false` takes it
out), everything else key by key, so an upgrade never meets an edited file.

Secrets come from the environment alone and are read by the edge that needs them, not kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from cuttings import themes_phrases
from cuttings.model import Audience, BadConfiguration, PageDesign, Theme
from cuttings.settings_files import FILES, TABLES, is_there, merge, read, sentence, short
from cuttings.settings_values import (
    Cron,
    Css,
    Days,
    Id,
    Inbox,
    Line,
    Mail,
    OneOrMore,
    SecureWeb,
    Strings,
    Web,
    Zone,
    as_tuple,
    check_list_selectors,
    first_and_last,
)

__all__ = [
    "BadConfiguration", "Council", "Delivery", "Edition", "Licence", "Retention", "Schedule", "Server", "Settings",
    "Source", "Storage", "load",
]  # fmt: skip

_CENTURY = 36_500  # days; with more a date some weeks from now is past the calendar's end


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Council(_Table):
    """Who sends the digest, and whom to ask. `local` lists the places and providers that make an item 'Local'."""

    name: Line = "Our council"
    service: Line = "Adult social care"
    crest: Path | None = None  # PNG or SVG file
    contact_name: Line = "The policy team"
    contact_email: Mail = "policy@council.example"
    contact_phone: Line | None = None
    timezone: Zone = "Europe/London"
    local: Strings = ()
    user_agent_contact: Line | None = None  # shown to the sites we read; the contact e-mail when empty
    glossary: Mapping[str, str] = Field(default_factory=dict)  # term -> plain words; empty: ours is taken out
    pre_election: tuple[Days, ...] = ()  # "2027-03-22..2027-05-06", both included

    @field_validator("glossary")
    @classmethod
    def _explained(cls, glossary: Mapping[str, str]) -> Mapping[str, str]:
        return {term: words for term, words in glossary.items() if words.strip()}

    def before_election(self, day: date) -> bool:
        """Whether the day lies in a pre-election period: the members' edition then leaves out views and questions."""
        return any(first <= day <= last for first, last in map(first_and_last, self.pre_election))

    def in_pre_election(self, *moments: datetime) -> bool:
        """Whether one of them is on such a day by the council's clock: 23:30 UTC is the next day there in summer."""
        zone = ZoneInfo(self.timezone)
        return any(self.before_election(moment.astimezone(zone).date()) for moment in moments)


class Licence(_Table):
    """What a publisher allows us to print. No profile means link only."""

    mode: Literal["link", "excerpt", "full"] = "link"
    words: int = Field(default=0, ge=0, le=2000)  # all words taken from one article in one issue, together
    notice: Line | None = None  # "Open Government Licence v3.0"
    text_expires_days: int | None = Field(default=None, ge=1, le=_CENTURY)

    @model_validator(mode="after")
    def _excerpt_has_a_limit(self) -> Licence:
        if self.mode == "excerpt" and not self.words:
            raise ValueError("an excerpt licence needs 'words', the most that may be taken from one article")
        return self


class Design(_Table):
    """CSS selectors of one design of a source's pages; those left out are found as on any page. See PageDesign."""

    body: Css | None = None
    title: Css | None = None
    standfirst: Css | None = None
    author: Css | None = None
    date: Css | None = None
    comments: Css | None = None
    comment_author: Css | None = None
    comment_date: Css | None = None
    comment_text: Css | None = None

    @model_validator(mode="after")
    def _says_what_it_fits(self) -> Design:
        if not (self.body or self.title or self.comments):
            raise ValueError("a page's selectors need 'body', 'title' or 'comments', which tell whether they fit it")
        return self


class Source(_Table):
    """A place we read.

    `method` says how its new pages are found, `family` which parser reads them (none: it is recognised).
    """

    id: Id
    name: Line  # as printed: "Community Care"
    method: Literal["feed", "sitemap", "wordpress", "govuk", "list", "pages", "page-turner"] = "feed"
    # The feed, sitemap, WordPress site, GOV.UK list, list page, or first page of a page-turner. In a list page's
    # address {page} counts the pages from 1 ({page0} from 0); {since} and {today} are dates ({since:%d/%m/%Y}).
    url: Web
    pages: tuple[Web, ...] = ()  # method "pages": these addresses; "page-turner": the pages of the issue, in order
    # Method "list": CSS selectors of the links, one or several, the newest design first: what picks any is used.
    selector: OneOrMore = ()
    next_selector: str | None = None  # method "list": CSS selector of the link to the list's next page
    most_pages: int = Field(default=10, ge=1, le=200)  # method "list": pages of the list asked for in one visit
    family: str | None = None
    since_days: int = Field(default=30, ge=0, le=_CENTURY)  # first contact: older than this is archive, not news
    most_at_first: int = Field(default=200, ge=1, le=1_000_000)  # first contact: at most so many addresses
    licence: Licence = Licence()
    weight: float = Field(default=1.0, gt=0, le=10)
    languages: Strings = ("en",)
    pace_seconds: float = Field(default=2.0, ge=0, le=3600)  # the least gap between two requests to one host
    allow_private: bool = False  # may this source live on a private address (an intranet, the sample site)?
    revisit_days: int = Field(default=28, ge=0, le=_CENTURY)  # how long a thread is looked at for new comments
    enabled: bool = True
    # [[source.page]]: the site's own selectors, the newest design first; the first that fits a page is used.
    page: Annotated[tuple[Design, ...], BeforeValidator(as_tuple)] = ()

    @property
    def designs(self) -> tuple[PageDesign, ...]:
        return tuple(PageDesign(**design.model_dump()) for design in self.page)

    @model_validator(mode="after")
    def _what_the_method_needs(self) -> Source:
        if self.method == "list" and not self.selector:
            raise ValueError("method 'list' needs 'selector', the CSS selector of the links on the list page")
        if self.method == "list":
            check_list_selectors([*self.selector, *filter(None, [self.next_selector])])
        if self.method == "pages" and not self.pages:
            raise ValueError("method 'pages' needs 'pages', a list of addresses")
        if self.method == "list":
            self.list_address(1, date(2026, 1, 31), date(2026, 2, 28))
        return self

    def list_address(self, page: int, since: date, today: date) -> str:
        """The address of a list's page, its placeholders filled in."""
        try:
            return self.url.format(page=page, page0=page - 1, since=since, today=today)
        except (LookupError, AttributeError, ValueError, TypeError):
            raise ValueError(
                "'url' holds a placeholder that is not known: {page}, {page0}, {since} and {today} are, "
                "for example {since:%d/%m/%Y}; a brace that is meant is written twice"
            ) from None

    @property
    def is_numbered(self) -> bool:
        """Are the pages of its list counted in its address?"""
        names = {name for _, name, _, _ in Formatter().parse(self.url)} if self.method == "list" else set()
        return bool(names & {"page", "page0"})


class Edition(_Table):
    """One digest: for whom, when, how long.

    `budget_words` is a ceiling on what is read as content, never padded; four pages (managers) or two (members) are
    another, which everything printed counts for.
    """

    id: Id
    name: Line  # "Cuttings for managers"
    audience: Audience
    period: Literal["week", "month"] = "week"
    cron: Cron = "0 7 * * MON"
    budget_words: int = Field(default=1400, ge=100, le=1_000_000)
    most_items: int = Field(default=20, ge=1, le=10_000)
    themes: Strings = ()  # none: all, in the order of themes.toml
    template: Id | None = None  # a folder under templates/; none: the audience's
    approval: bool = False
    editor: Mail | None = None  # gets the proof; [delivery] editor when empty, then the contact officer
    deputy: Mail | None = None  # gets it too; [delivery] deputy when empty
    answer_days: float = Field(default=7, gt=0, le=_CENTURY)  # a proof that nobody approves in so many days is not sent
    quote_comments: bool = False
    when_empty: Literal["nothing", "two-lines"] = "nothing"  # what readers get in an empty period
    recipients: tuple[Mail, ...] = ()  # taken into the store at the first run
    large_print: bool = False  # make an 18-point PDF as well, for whoever asks the contact officer for one
    enabled: bool = True


class Delivery(_Table):
    """How mail leaves and comes back. Passwords are in the environment, or in files of config/local."""

    channel: Literal["outbox", "smtp"] = "outbox"
    sender: Mail = "cuttings@council.example"
    sender_name: Line | None = None
    unsubscribe: Mail | None = None  # the contact officer when empty
    host: Line = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Line | None = None
    ca_file: Path | None = None
    largest_message_mb: float = Field(default=10, gt=0, le=1000)
    # A message of which nobody can say whether it arrived: a person decides, or it is sent once more, and once only.
    ambiguous: Literal["hold", "resend-once"] = "hold"
    # After so long an unreachable server is given up and reported.
    deadline_hours: float = Field(default=48, gt=0, le=24 * _CENTURY)
    editor: Mail | None = None  # who approves editions; the contact officer when empty
    deputy: Mail | None = None  # gets every proof and reminder as well
    remind_hours: float = Field(default=48, gt=0, le=24 * _CENTURY)  # so long before its end a proof is called to mind
    # Where readers find output/issues on the web; an issue too large to send is then a link.
    public_url: Web | None = None
    # Where answers to our mail are read: maildir:/path, or imaps://user@host/FOLDER.
    inbox: Inbox | None = None
    # A page of the council's own that takes people off the list (RFC 8058); mail programs then show a button.
    unsubscribe_url: SecureWeb | None = None


class Schedule(_Table):
    """When the flows that belong to no edition run, as cron fields in the council's time zone."""

    collect: Cron = "0 5 * * *"
    per_source: bool = False  # a run for each source, so that several machines share them
    deliver: Cron = "*/15 * * * *"
    remind: Cron = "20 * * * *"  # what waits for an approval is called to mind, and closed at its deadline
    retention: Cron = "30 3 * * *"
    health: Cron = "0 8 * * MON"  # the contact officer hears how the week went
    # A source that failed for so long is told to the contact officer.
    failing_days: float = Field(default=3, gt=0, le=_CENTURY)
    work_pool: Id | None = None  # Prefect's work pool that several machines take runs from; each source has its own

    @property
    def apart(self) -> bool:
        """Whether each source has a run of its own."""
        return self.per_source or self.work_pool is not None


class Server(_Table):
    """Where Prefect's server listens: this machine alone, unless somebody decides otherwise."""

    host: Line = "127.0.0.1"
    port: int = Field(default=4200, ge=1, le=65535)
    ui_url: Web | None = None  # where people reach the UI, when that is not host and port


class Retention(_Table):
    """For how many days what names people is kept. Counts and verdicts stay; so do an article's words until its licence
    ends (`text_expires_days` of a source), and readers' words unless `comment_text_days` ends them."""

    name_days: float = Field(default=90, gt=0, le=3650)  # a commenter's name; a keyed hash of it stays
    quarantined_days: float = Field(default=30, gt=0, le=3650)  # the name on a comment judged as spam
    unruled_days: float = Field(default=30, gt=0, le=3650)  # the name on a comment that waits for an editor
    page_days: float = Field(default=90, gt=0, le=3650)  # pages as they were sent: they show the names
    prefect_days: float = Field(default=30, gt=0, le=3650)  # Prefect's records of finished runs
    comment_text_days: float | None = Field(default=None, gt=0, le=_CENTURY)  # readers' words; none: without a term

    @model_validator(mode="after")
    def _names_are_not_kept_by_the_pages(self) -> Retention:
        if self.page_days > self.name_days:
            raise ValueError("'page_days' may not be more than 'name_days': the pages show the names")
        if self.comment_text_days is not None and self.page_days > self.comment_text_days:
            raise ValueError("'page_days' may not be more than 'comment_text_days': the pages show the words")
        return self


class Storage(_Table):
    database: str | None = None  # an SQLAlchemy address; none: output/cuttings.db
    output: Path | None = None  # none: output/ of the checkout


class Settings(_Table):
    council: Council = Council()
    delivery: Delivery = Delivery()
    storage: Storage = Storage()
    schedule: Schedule = Schedule()
    server: Server = Server()
    retention: Retention = Retention()
    sources: tuple[Source, ...] = ()
    themes: tuple[Theme, ...] = ()
    drafts: tuple[Theme, ...] = ()  # themes that are not live yet
    editions: tuple[Edition, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def edition(self, id: str) -> Edition:  # noqa: A002 - the field's name in the file
        for edition in self.editions:
            if edition.id == id:
                return edition
        known = ", ".join(e.id for e in self.editions) or "none is configured"
        raise BadConfiguration(f"There is no edition '{id}'. Known editions: {known}.")

    def source(self, id: str) -> Source:  # noqa: A002 - the field's name in the file
        for source in self.sources:
            if source.id == id:
                return source
        known = ", ".join(s.id for s in self.sources) or "none is configured"
        raise BadConfiguration(f"There is no source '{id}'. Known sources: {known}.")


class _ThemeTable(_Table):
    id: Id
    name: Line
    description: str
    phrases: Strings
    exclusions: Strings = ()
    examples: Strings = ()
    plain_name: Line | None = None
    why: Mapping[Audience, str] = Field(default_factory=dict)
    decide: str | None = None
    questions: Mapping[Audience, Strings] = Field(default_factory=dict)
    glossary: Strings = ()
    enabled: bool = True
    live: bool = True  # false: only `themes check` knows it, to see what it would catch

    @field_validator("phrases", "exclusions")
    @classmethod
    def _can_match(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in phrases:
            themes_phrases.parse(phrase, None)
        return phrases

    def theme(self) -> Theme:
        ours = set(type(self).model_fields) - {"enabled", "live"}
        return Theme(**{name: getattr(self, name) for name in ours})


def load(folders: Iterable[Path], families: Iterable[str] = ()) -> Settings:
    """Settings from folders of TOML files, later folders over earlier ones; missing files are fine.

    `families` are the parsers' names, which a source's `family` must be one of (none: not checked).
    Raises BadConfiguration with every fault found in it, a line each.
    """
    merged: dict[str, Any] = {table: {} for tables in TABLES.values() for table in tables}
    origin: dict[tuple[str, str], Path] = {}
    for folder in folders:
        for name in FILES:
            path = folder / name
            if is_there(path):
                merge(merged, read(path), path, origin)
    faults: list[str] = []
    tables: tuple[tuple[str, type[BaseModel]], ...] = (
        ("council", Council),
        ("delivery", Delivery),
        ("storage", Storage),
        ("schedule", Schedule),
        ("server", Server),
        ("retention", Retention),
    )
    single = {
        name: _checked(model, merged[name], origin.get((name, ""), Path("council.toml")), name, faults)
        for name, model in tables
    }
    lists: dict[str, list[Any]] = {"source": [], "theme": [], "edition": []}
    for table, model in (("source", Source), ("theme", _ThemeTable), ("edition", Edition)):
        for key, values in merged[table].items():
            if values.get("enabled") is False:  # what is taken out need not be whole
                continue
            item = _checked(model, values, origin[table, key], f"{table} {short(key)!r}", faults)
            if item is not None and item.enabled:
                lists[table].append(item)
    faults += _cross_checks(lists, origin, tuple(families))
    if faults:
        raise BadConfiguration("\n".join(faults))
    return Settings(
        **single,
        sources=tuple(lists["source"]),
        themes=tuple(t.theme() for t in lists["theme"] if t.live),
        drafts=tuple(t.theme() for t in lists["theme"] if not t.live),
        editions=tuple(lists["edition"]),
    )


def _checked(model: type[BaseModel], values: Any, path: Path, where: str, faults: list[str]) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            key = short(".".join(str(part) for part in fault["loc"]))
            faults.append(f"{path}: {where}{f', key {key!r}' if key else ''}: {sentence(fault, model)}")
        return None


def _cross_checks(
    lists: Mapping[str, list[Any]], origin: Mapping[tuple[str, str], Path], families: tuple[str, ...]
) -> list[str]:
    faults = []
    themes = [t.id for t in lists["theme"] if t.live]
    for edition in lists["edition"]:
        for theme in edition.themes:
            if theme not in themes:
                path = origin["edition", edition.id]
                faults.append(
                    f"{path}: edition '{edition.id}', key 'themes': there is no theme {short(theme)!r}. "
                    f"Known themes: {', '.join(themes)}."
                )
    for source in lists["source"]:
        if source.family and families and source.family not in families:
            path = origin["source", source.id]
            faults.append(
                f"{path}: source '{source.id}', key 'family': there is no family {short(source.family)!r}. "
                f"Known families: {', '.join(families)}."
            )
    return faults
