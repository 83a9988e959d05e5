"""Single values that a person types into a settings file: what each may be, and in which words it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", value):
        raise ValueError("must be lower-case letters, digits and hyphens, for example 'community-care'")
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError("must be a web address that starts with http:// or https://")
    return value


def _secure_address(value: str) -> str:
    if not re.fullmatch(r"https://[^\s/<>,]+[^\s<>,]*", value) or not value.isascii() or len(value) > 400:
        raise ValueError("must be a web address that starts with https://, in plain letters")
    return value


def _inbox(value: str) -> str:
    # Without TLS only on this very machine: the password would travel in the clear.
    server = r"imaps://[^\s/@:]+@[^\s/@:]+|imap://[^\s/@:]+@(?:localhost|127\.0\.0\.1)"
    if not re.fullmatch(rf"maildir:\S.*|(?:{server})(?::\d{{1,5}})?(?:/[^/].*)?", value):
        # No password in it: this file is read by more people than the one with the passwords.
        raise ValueError("must be maildir:/path/of/the/folder or imaps://user@host/INBOX, without a password")
    return value


def _mail_address(value: str) -> str:
    label = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    # ASCII alone: few mail servers take other letters before the '@', and sites see this address in our requests.
    if not re.fullmatch(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{label}(?:\.{label})+", value):
        raise ValueError("must be an e-mail address in plain letters, for example policy@fellshire.example")
    return value


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Minute, hour, day, month, day of the week: the least, the most, and names that stand for numbers from the least.
_CRON: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, _MONTHS), (0, 7, _DAYS),
)  # fmt: skip


def _cron_field(field: str, least: int, most: int, names: tuple[str, ...]) -> bool:
    """Is it '*', '5', '1-5', 'MON', '*/15' or a list of these, within its bounds?"""

    def number(text: str) -> int:
        return least + names.index(text.upper()) if text.upper() in names else int(text)

    try:
        for part in field.split(","):
            span, _, step = part.partition("/")
            bounds = [least, most] if span == "*" else [number(end) for end in span.split("-")]
            in_bounds = len(bounds) <= 2 and least <= bounds[0] <= bounds[-1] <= most
            if not in_bounds or (step and int(step) < 1) or ("/" in part and not step):
                return False
    except ValueError:
        return False
    return True


def _cron(value: str) -> str:
    parts = value.split()
    if len(parts) != 5 or not all(_cron_field(part, *field) for part, field in zip(parts, _CRON, strict=False)):
        raise ValueError("must be five cron fields, for example '0 7 * * MON' for Mondays at 7.00")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a name too long, or 'Europe' alone
        raise ValueError("must be a time zone such as Europe/London") from error
    return value


def _one_line(value: str) -> str:
    if any(ord(c) < 32 for c in value):
        raise ValueError("must be a single line of text")
    return value


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _as_strings(value: Any) -> Any:
    return (value,) if isinstance(value, str) else () if value is None else value


def first_and_last(days: str) -> tuple[date, date]:
    first, _, last = days.partition("..")
    return date.fromisoformat(first.strip()), date.fromisoformat(last.strip())


def _days(value: str) -> str:
    try:
        first, last = first_and_last(value)
    except ValueError as error:
        raise ValueError(f"'{value}' is no span of days; write it as 2027-03-22..2027-05-06") from error
    if last < first:
        raise ValueError(f"'{value}' ends before it begins")
    return value


def _css(value: str) -> str:
    from cssselect2 import SelectorError, compile_selector_list  # here: hardly any source has selectors of its own

    try:
        compiled = compile_selector_list(value)
    except SelectorError as error:
        raise ValueError(f"'{value}' is not a CSS selector: {error.args[-1]}") from None
    if any(selector.pseudo_element for selector in compiled):
        raise ValueError(f"'{value}' picks no element of a page, but something drawn beside one")
    return value


def check_list_selectors(selectors: Iterable[str]) -> None:
    from soupsieve import SelectorSyntaxError, compile  # noqa: A004 - here: few sources are lists

    for selector in selectors:
        try:
            compile(selector)
        except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
            raise ValueError(f"'{selector}' is not a CSS selector: {str(error).splitlines()[0]}") from None


Id = Annotated[str, AfterValidator(_identifier)]
Web = Annotated[str, AfterValidator(_web_address)]
Mail = Annotated[str, AfterValidator(_mail_address)]
Cron = Annotated[str, AfterValidator(_cron)]
Line = Annotated[str, AfterValidator(_one_line)]
Strings = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
OneOrMore = Annotated[Strings, BeforeValidator(_as_strings)]
SecureWeb = Annotated[str, AfterValidator(_secure_address)]
Inbox = Annotated[str, AfterValidator(_inbox)]
Zone = Annotated[str, AfterValidator(_zone)]
Days = Annotated[str, AfterValidator(_days)]
Css = Annotated[str, AfterValidator(_css)]
