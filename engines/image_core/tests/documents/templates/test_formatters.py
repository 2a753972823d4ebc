"""Formatters: the same text on every machine, in the template's locale."""

import decimal
from typing import Any

import babel
import pytest
from babel.core import get_cldr_version

from engines.image_core import CompositionError
from engines.image_core.documents.templates import Template
from engines.image_core.models import TextLayer

BASE: dict[str, Any] = {"tenant_id": "acme", "env": "dev", "width": 40, "height": 30}


def _formatted(mark: str, value: Any, locale: str = "en") -> str:
    document = {"variables": {"v": None}, "locale": locale, "layers": [{"type": "text", "text": f"<{mark}>"}]}
    if not isinstance(value, str):
        document["variables"] = {"v": {"type": "number"}}
    layer = Template.parse({**BASE, **document}).fill({"v": value}, "row 1").layers[0]
    assert isinstance(layer, TextLayer)
    assert layer.text is not None
    return layer.text[1:-1]


@pytest.mark.parametrize(
    ("mark", "value", "locale", "written"),
    [
        ("{{v | number}}", 1234.5, "en", "1,234.5"),
        ("{{v | number: 2}}", 1234.5, "de", "1.234,50"),
        ("{{v|number:0}}", "2.5", "en", "3"),
        ("{{v | number: 2}}", "1.005", "en", "1.01"),
        ("{{v | number: 2}}", 12345678, "hi", "1,23,45,678.00"),
        ("{{v | number: 2}}", -1234567.891, "fr", "-1\u202f234\u202f567,89"),
        ("{{v | currency: 'EUR'}}", 1299.9, "de", "1.299,90\u00a0€"),
        ('{{v | currency: "JPY"}}', 1299.5, "en", "¥1,300"),
        ("{{v | date: 'd MMMM yyyy'}}", "2026-11-30", "de", "30 November 2026"),
        ("{{v | date: \"EEEE, d 'de' MMMM\"}}", "2026-11-30", "es", "lunes, 30 de noviembre"),
        ("{{v | date}}", "2026-11-30", "pt-BR", "30 de nov. de 2026"),
        ("{{v | date: 'HH:mm'}}", "2026-11-30T18:05:00+09:00", "en", "18:05"),
        ("{{v | date: 'long'}}", "2026-02-01T23:59", "en_GB", "1 February 2026"),
        ("{{v | upper}}", "straße istanbul", "en", "STRASSE ISTANBUL"),
        ("{{v | upper}}", "istanbul", "tr", "İSTANBUL"),
        ("{{v | lower}}", "ÉTÉ", "fr", "été"),
        ("{{v | title}}", "don't stop", "en", "Don't Stop"),
        ("{{v | truncate: 5}}", "abcdef", "en", "abcd…"),
        ("{{v | truncate: 6}}", "abcdef", "en", "abcdef"),
        ("{{v | truncate: 3}}", "a\u0301b\u0301c\u0301", "en", "a\u0301b\u0301c\u0301"),
        ("{{v | truncate: 2}}", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "en", "👩‍👩‍👧‍👦…"),
        ("{{v | default: '}} none | {{'}}", "", "en", "}} none | {{"),
        ("{{v | default: 'none' | upper}}", " ", "en", "NONE"),
        ("{{v | upper}}", "{{v}} {{{{", "en", "{{V}} {{{{"),
    ],
)
def test_a_formatter_writes_a_value(mark: str, value: Any, locale: str, written: str) -> None:
    """Numbers are rounded half away from zero; dates have no zone but what stands there."""
    assert _formatted(mark, value, locale) == written


def test_the_hosts_own_settings_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its locale, its time zone nor its context of decimal numbers."""
    for name, value in {"LC_ALL": "de_DE.UTF-8", "LANG": "fr_FR", "TZ": "Asia/Tokyo"}.items():
        monkeypatch.setenv(name, value)
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_FLOOR)):
        assert _formatted("{{v | number: 2}}", 1234.567) == "1,234.57"
        assert _formatted("{{v | date: 'd MMM y, HH:mm'}}", "2026-11-30T23:30") == "30 Nov 2026, 23:30"


def test_a_template_tells_what_decides_how_its_numbers_are_written() -> None:
    """Babel and the CLDR, where any are; other versions may write them otherwise."""
    layer = {"type": "text", "text": "{{v | number: 2}}"}
    template = Template.parse({**BASE, "variables": {"v": None}, "layers": [layer]})
    assert template.locale_data == f"Babel {babel.__version__}, CLDR {get_cldr_version()}"
    layer["text"] = "{{v | upper}}"
    assert Template.parse({**BASE, "variables": {"v": None}, "layers": [layer]}).locale_data is None


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("{{v | uper}}", "there is no formatter 'uper': did you mean 'upper'?"),
        ("{{v | upper: 3}}", "upper: 1 arguments are not allowed: allowed is upper"),
        ("{{v | number: 'x'}}", "number: 'x' is not allowed: allowed is number, or number: DIGITS"),
        ("{{v | number: 2.5}}", "number: 2.5 is not allowed"),
        ("{{v | number: 99}}", "0 to 15 digits"),
        ("{{v | currency}}", "allowed is currency"),
        ("{{v | currency: 'EURO'}}", "'EURO' is no currency: did you mean 'EUR'?"),
        ("{{v | truncate: 0}}", "1 to 10000"),
        ("{{v | date: 'HH:mm z'}}", "without time zones"),
        ("{{v | date: 'dddddd'}}", "not a pattern of dates"),
        ("{{v | date: ''}}", "date: '' is not allowed"),
        ("{{v | }}", "allowed are '}}', '|' and the name of a formatter"),
        ("{{v | number: }}", "its arguments"),
        ("{{v | date: 'd}}", "texts in quotes"),
        ("{{v" + " | upper" * 9 + "}}", "9 formatters: allowed are up to 8"),
        ("{{v.w}}", "'v' is a variable without fields"),
    ],
)
def test_a_faulty_formatter_is_told_with_its_place(mark: str, told: str) -> None:
    """Before any value is put in, in one line."""
    with pytest.raises(CompositionError) as caught:
        _formatted(mark, "x")
    assert str(caught.value).startswith("template: layers[0].text: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("mark", "value", "told"),
    [
        ("{{v | number: 2}}", "12 EUR", "number: '12 EUR' is not a number"),
        ("{{v | currency: 'EUR'}}", "9" * 1_000_000, "is not a number"),
        ("{{v | number}}", "1e999999", "is not a number"),
        ("{{v | number}}", "", "'' is not a number"),
        ("{{v | date}}", "30.11.2026", "date: '30.11.2026' is not a date"),
        ("{{v | date}}", "2026-02-30", "is not a date"),
    ],
)
def test_a_value_that_cannot_be_formatted_is_told_with_its_place(mark: str, value: str, told: str) -> None:
    """And with its row and its variable."""
    with pytest.raises(CompositionError) as caught:
        _formatted(mark, value)
    assert str(caught.value).startswith("row 1: layers[0].text: the variable 'v': ")
    assert told in str(caught.value)


@pytest.mark.parametrize("locale", ["xx-YY", "german", "../../etc/passwd", "d" * 10_000, 3, "en\0"])
def test_a_locale_that_is_not_known_is_told(locale: Any) -> None:
    """In one line, with what is allowed; files are no locales."""
    with pytest.raises(CompositionError, match="template: locale: "):
        _formatted("{{v}}", "x", locale)
