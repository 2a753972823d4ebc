"""What `{{price | number: 2}}` makes of a value: the same text on every machine.

Only the template's own locale counts, and Babel's copy of the CLDR; no setting, time zone or clock of a host.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from engines.image_core.composition.guessing import guess
from engines.image_core.documents.templates.marks import Argument, Call
from engines.image_core.documents.templates.variables import Value, as_text
from engines.image_core.errors import CompositionError
from engines.image_core.sources.text.casing import cased
from engines.image_core.sources.text.opportunities import clusters

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["LOCALIZED", "check_call", "check_locale", "format_value", "locale_data"]

_Kind: TypeAlias = Literal["whole", "text"]

_MOST_DIGITS = 15  # of a number, behind its point
_DATES = ("short", "medium", "long", "full")
_DATE_LETTERS = frozenset("GyYuMLwWdDFEecabBhHKkmsSQq")
"""What of a date's pattern says a part of a date or a time; no time zones, which a date has none of."""
_LONGEST_PATTERN = 100


def format_value(calls: Sequence[Call], value: Value, locale: str) -> str:
    """A value as its formatters make it, one after the other.

    Raises:
        ValueError: one cannot take the value.
    """
    made = value
    for call in calls:
        try:
            made = _FORMATTERS[call.name].apply(made, call.arguments, locale)
        except ValueError as error:
            raise ValueError(f"{call.name}: {error}") from error
    return as_text(made)


def check_call(call: Call) -> None:
    """Refuse a formatter there is none of, and arguments that it does not take.

    Raises:
        ValueError: what is allowed.
    """
    formatter = _FORMATTERS.get(call.name)
    if formatter is None:
        near = guess(call.name, _FORMATTERS) or ":"
        raise ValueError(f"there is no formatter {call.name!r}{near} there are {', '.join(_FORMATTERS)}")
    kinds, given = formatter.takes, call.arguments
    if not formatter.needs <= len(given) <= len(kinds):
        raise ValueError(f"{call.name}: {len(given)} arguments are not allowed: allowed is {formatter.usage}")
    for argument, kind in zip(given, kinds, strict=False):
        if isinstance(argument, str) != (kind == "text") or isinstance(argument, float):
            raise ValueError(f"{call.name}: {argument!r} is not allowed: allowed is {formatter.usage}")
    formatter.check(*given)
    if formatter.localized:
        _babel()


def check_locale(name: Any) -> str:
    """A locale that Babel knows, such as "de", "pt-BR" or "zh-Hant-TW".

    Raises:
        ValueError: there is none of that name.
    """
    if not isinstance(name, str) or not 2 <= len(name) <= 32:
        raise ValueError(f'{name!r} is not allowed: allowed is a language as text, such as "de" or "pt-BR"')
    if name != "en":
        _locale(name)
    return name


def locale_data() -> str:
    """The versions that decide how numbers and dates are written."""
    from babel import __version__
    from babel.core import get_cldr_version

    return f"Babel {__version__}, CLDR {get_cldr_version()}"


def _babel() -> None:
    try:
        import babel  # noqa: F401
    except ModuleNotFoundError as error:
        raise CompositionError(
            "numbers, currencies, dates and locales of templates need the extra templates:"
            f' pip install "image-core[templates]" ({error})'
        ) from error


@functools.lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    _babel()
    from babel import Locale, UnknownLocaleError
    from babel.localedata import locale_identifiers

    try:
        return Locale.parse(name, sep="_" if "_" in name else "-", resolve_likely_subtags=False)
    except (UnknownLocaleError, ValueError, TypeError) as error:
        near = guess(name, (known.replace("_", "-") for known in locale_identifiers()))
        raise ValueError(
            f'{name!r} is no locale{near or ": allowed is one such as"} "de" or "pt-BR"'
        ) from error


def _number(value: Value) -> Decimal:
    """A value as a number; a text has to be one."""
    written = as_text(value).strip()
    try:
        number = Decimal(written) if len(written) <= 40 and written.isascii() else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise ValueError(f"{written[:60]!r} is not a number")
    return number


def _in_locale(value: Value, arguments: tuple[Argument, ...], locale: str) -> str:
    from babel.numbers import format_decimal

    number = _number(value)
    with localcontext(_EXACT):
        if not arguments:
            return format_decimal(number, locale=_locale(locale), decimal_quantization=False)
        digits = int(arguments[0])
        rounded = number.quantize(Decimal(1).scaleb(-digits))
        return format_decimal(rounded, _pattern(locale, digits), _locale(locale))


@functools.lru_cache(maxsize=64)
def _pattern(locale: str, digits: int) -> str:
    """How a locale groups digits, with so many of them behind the point."""
    own: str = _locale(locale).decimal_formats[None].pattern
    return re.sub(r"\.[0#]+", "." + "0" * digits if digits else "", own)


def _check_digits(digits: Argument | None = None) -> None:
    if digits is not None and not 0 <= int(digits) <= _MOST_DIGITS:
        raise ValueError(f"number: {digits} is not allowed: allowed are 0 to {_MOST_DIGITS} digits")


def _currency(value: Value, arguments: tuple[Argument, ...], locale: str) -> str:
    from babel.numbers import format_currency, get_currency_precision

    number, code = _number(value), str(arguments[0])
    with localcontext(_EXACT):
        rounded = number.quantize(Decimal(1).scaleb(-get_currency_precision(code)))
        return format_currency(rounded, code, locale=_locale(locale))


def _check_currency(code: Argument) -> None:
    _babel()
    from babel.numbers import list_currencies

    known = list_currencies()
    if code not in known:
        near = guess(code, known)
        raise ValueError(f'currency: {code!r} is no currency{near or ": allowed is a code such as"} "EUR"')


_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Halves away from zero, whatever the host's own context is."""


def _date(value: Value, arguments: tuple[Argument, ...], locale: str) -> str:
    from babel.dates import format_date, parse_pattern

    moment = _moment(as_text(value).strip())
    pattern = str(arguments[0]) if arguments else "medium"
    if pattern in _DATES:
        return format_date(moment.date(), pattern, _locale(locale))
    return parse_pattern(pattern).apply(moment, _locale(locale))


def _moment(text: str) -> datetime.datetime:
    """A date, or a date and a time as they stand there, whatever their zone."""
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        told = f"{text[:60]!r} is not a date: allowed is one such as 2026-11-30 or 2026-11-30T18:05"
        raise ValueError(told) from error


def _check_date(pattern: Argument = "medium") -> None:
    written = str(pattern)
    if written in _DATES:
        return
    letters = {
        letter for part in written.split("'")[::2] for letter in part if letter.isascii() and letter.isalpha()
    }
    if not letters or not letters <= _DATE_LETTERS or len(written) > _LONGEST_PATTERN:
        raise ValueError(
            f"date: {written[:60]!r} is not allowed: allowed is short, medium, long, full, or a pattern of"
            ' the CLDR without time zones, such as "d MMMM yyyy" (other letters in single quotes)'
        )
    _babel()
    _try_date(written)


def _try_date(pattern: str) -> None:
    """Refuse what Babel cannot write of a date, before there is one."""
    try:
        _date("2026-11-30", (pattern,), "en")
    except (ValueError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(f"date: {pattern!r} is not a pattern of dates ({error})") from error


def _truncate(value: Value, arguments: tuple[Argument, ...], _locale_name: str) -> str:
    """At most so many letters (grapheme clusters), the last an ellipsis where something was left out."""
    text, most = as_text(value), int(arguments[0])
    if len(text) <= most:
        return text
    ends = clusters(text[: 64 * (most + 1)])  # no letter of people is longer
    if len(ends) <= most:
        return text
    return text[: ends[most - 2] if most > 1 else 0].rstrip() + "…"


def _check_truncate(most: Argument) -> None:
    if not 1 <= int(most) <= 10_000:
        raise ValueError(f"truncate: {most} is not allowed: allowed are 1 to 10000 characters")


def _default(value: Value, arguments: tuple[Argument, ...], _locale_name: str) -> str:
    return as_text(value) if as_text(value).strip() else str(arguments[0])


def _casing(case: Literal["upper", "lower", "title"]) -> Formatter:
    def apply(value: Value, _arguments: tuple[Argument, ...], locale: str) -> str:
        return cased([as_text(value)], [case], [locale])[0]

    return Formatter(apply, usage=case)


@dataclass(frozen=True)
class Formatter:
    """A formatter: what it makes of a value with its arguments in a locale, and the arguments it takes, of
    which some are needed and all are checked before there is a value."""

    apply: Callable[[Value, tuple[Argument, ...], str], str]
    usage: str
    takes: tuple[_Kind, ...] = ()
    needs: int = 0
    check: Callable[..., None] = lambda *_: None
    localized: bool = False


_FORMATTERS = {
    "upper": _casing("upper"),
    "lower": _casing("lower"),
    "title": _casing("title"),
    "truncate": Formatter(_truncate, "truncate: CHARACTERS", ("whole",), 1, _check_truncate),
    "default": Formatter(_default, 'default: "TEXT"', ("text",), 1),
    "number": Formatter(_in_locale, "number, or number: DIGITS", ("whole",), 0, _check_digits, True),
    "currency": Formatter(_currency, 'currency: "CODE"', ("text",), 1, _check_currency, True),
    "date": Formatter(_date, 'date, or date: "PATTERN"', ("text",), 0, _check_date, True),
}

LOCALIZED = frozenset(name for name, formatter in _FORMATTERS.items() if formatter.localized)
"""Those that the CLDR decides."""
