"""The tiles of the sheet of type: what text layers can do, as a type foundry shows its letters."""

from __future__ import annotations

from typing import Any

from docs.sheets import HIGH, WIDE, Layer

__all__ = ["FONTS", "type_tiles"]

PAPER, INK, RED, OCHRE, GREY = "#f6f1e7", "#1b1a1f", "#e2401f", "#f3b63a", "#8d867a"
EDGE = 18
INSIDE = WIDE - 2 * EDGE

RUBIK = {"path": "Rubik[wght].ttf"}
SCRIPTS = ("Hebrew", "Devanagari", "Thai", "Georgian", "Armenian", "Tamil", "Ethiopic", "Arabic")
NOTO = [{"path": f"NotoSans{script}[wght].ttf"} for script in SCRIPTS]
FONTS = tuple(font["path"] for font in (RUBIK, *NOTO))
"""The files that the tiles name."""

EMBER = {
    "type": "linear",
    "end": [1, 0],
    "stops": [
        {"offset": 0, "color": "#5b2be0"},
        {"offset": 0.5, "color": "#ef3e5b"},
        {"offset": 1, "color": "#ffc247"},
    ],
}
NOTICE = "Set solid, lines touch. A little lead between them lets the eye find its way back to the next."
FERRY = (
    "No timetable is kept. The ferry leaves when the bell-ringer has counted enough passengers, "
    "and it returns when the wind of the afternoon has turned toward the harbour."
)


def type_tiles() -> list[tuple[str, list[Layer]]]:
    """Each field of a text layer at least once, and each of its choices."""
    return [*_styles(), *_letters(), *_lines(), *_boxes(), *_paints(), *_fonts()]


def _styles() -> list[tuple[str, list[Layer]]]:
    weights = {"Extralight": 200, "Light": 300, "Regular": 400, "Semibold": 600, "Bold": 700, "Black": 900}
    names = [_run(f"{name}\n", weight=weight) for name, weight in weights.items()]
    numbers = "\n".join(str(weight) for weight in weights.values())
    letters = [_run(letter, axes={"wght": 300 + index * 600 / 7}) for index, letter in enumerate("Variable")]
    return [
        ("weight", [
            _ground(PAPER),
            _runs(names, 13, size=22, line_height=1),
            _text(numbers, 13, size=22, line_height=1, weight=300, align="right", color=GREY),
        ]),
        ("italic", [
            _ground(RED),
            _runs([
                _run("ag"), _run("ag", italic=True, color=PAPER),
            ], 21, size=82, weight=600, align="center"),
        ]),
        ("axes", [_ground(PAPER), _runs(letters, 53, font=RUBIK, size=40, align="center")]),
        ("runs", [
            _ground(INK),
            _runs([
                _run("21", size=104, weight=200, letter_spacing=-3),
                _run("°C\n", size=38, weight=700, color=OCHRE, baseline_shift=0.98),
                _run("light rain", size=21, weight=600),
                _run(", west wind", size=21, weight=300),
            ], 0, color=PAPER, line_height=1.1),
        ]),
    ]  # fmt: skip


def _letters() -> list[tuple[str, list[Layer]]]:
    row: Layer = {"text": "11:15\n20:48\n17:31", "font": RUBIK, "size": 26, "line_height": 1.4, "weight": 500}
    return [
        ("features: tnum", [
            _ground(OCHRE),
            _text(y=25, **row),
            _text(y=25, **row, features={"tnum": 1}, align="right"),
        ]),
        ("features: onum", [
            _ground(PAPER),
            _text("2046", 8, size=68, weight=300, align="center", color=GREY),
            _text("2046", 65, size=68, weight=300, align="center", features={"onum": 1, "pnum": 1}),
        ]),
        ("features: frac, zero, ordn", [
            _ground(INK),
            _runs([
                _run("3/4 ", features={"frac": 1}),
                _run("100\n", features={"zero": 1}, color=OCHRE),
                _run("2a  1o", features={"ordn": 1}),
            ], 12, size=52, weight=600, color=PAPER, align="center"),
        ]),
        ("case: small-caps", [
            _ground(PAPER),
            _text("Type\nFoundry", 29, size=41, weight=300, letter_spacing=2, case="small-caps",
                  align="center", line_height=1.15),
        ]),
        ("case: upper, lower, title", [
            _ground(PAPER),
            _runs([
                _run("Loud voice\n", case="upper", weight=900),
                _run("Low Voice\n", case="lower", weight=300),
                _run("in the title", case="title", weight=600, color=RED),
            ], 23, size=30, line_height=1.25),
        ]),
        ("decoration", [
            _ground(OCHRE),
            _runs([
                _run("underline\n", decoration="underline"),
                _run("strikethrough\n", decoration="strikethrough"),
                _run("overline", decoration=["overline"]),
            ], 16, size=28, weight=600, line_height=1.5),
        ]),
        ("baseline_shift", [
            _ground(RED),
            _runs([
                _run("H"), _run("2", size=26, baseline_shift=-0.2), _run("O\nmc"),
                _run("2", size=26, baseline_shift=0.75),
            ], 13, size=54, weight=600, color=PAPER, align="center"),
        ]),
        ("letter_spacing", [
            _ground(PAPER),
            _runs([
                _run("TIGHTER\n", letter_spacing=-2),
                _run("AS IT IS\n"),
                _run("WIDER", letter_spacing=14, color=RED),
            ], 20, size=33, weight=700, line_height=1.2),
        ]),
    ]  # fmt: skip


def _lines() -> list[tuple[str, list[Layer]]]:
    small = {"size": 14, "line_height": 1.25}
    half = INSIDE / 2 - 8
    return [
        ("line_height", [
            _ground(INK),
            _text(NOTICE, 16, size=13, line_height=1, box_width=half, color=PAPER),
            _text(NOTICE, 16, size=13, line_height=1.4, box_width=half, color=OCHRE, x=EDGE + half + 16,
                  max_lines=7, overflow="clip"),
        ]),
        ("align: left, center, right", [
            _ground(PAPER),
            _text("Flush left,\nragged right", 14, **small, weight=600),
            _text("centred, as\nof a title", 61, **small, weight=600, align="center", color=RED),
            _text("flush right,\nragged left", 108, **small, weight=600, align="right"),
        ]),
        ("align: justify; hyphenate", [
            _ground(PAPER),
            _text(FERRY, 14, size=14.5, line_height=1.26, align="justify", hyphenate=True, language="en"),
        ]),
        ("balance", [
            _ground(OCHRE),
            _text("The last word is over", 19, size=23, line_height=1.1),
            _text("The last word is over", 83, size=23, line_height=1.1, weight=700, balance=True),
        ]),
        ("indent, paragraph_spacing", [
            _ground(PAPER),
            _text("The first line steps in, so that a reader sees where a thought begins.\n"
                  "A little air above it says the same, and both together say it twice.",
                  17, **small, indent=16, paragraph_spacing=8),
        ]),
        ("word_spacing", [
            _ground(RED),
            _runs([
                _run("as far as it is\n", word_spacing=-3), _run("as far as it is\n"),
                _run("as far as it is", word_spacing=9, color=PAPER),
            ], 25, size=24, weight=600, line_height=1.5),
        ]),
        ("vertical_align", [_ground(PAPER), *_heights()]),
        ("direction; align: start, end", [
            _ground(INK),
            _text("Hello, world\nשלום, עולם", 14, size=27, weight=600, fonts=["Source Sans Pro", NOTO[0]],
                  align="start", color=PAPER),
            _text("(12) Hello", 86, size=24, weight=300, direction="rtl", align="end", color=OCHRE),
            _text("(12) Hello", 115, size=24, weight=300, direction="rtl", align="start", color=OCHRE),
        ]),
    ]  # fmt: skip


def _heights() -> list[Layer]:
    """Boxes beside one another, and where their lines lie."""
    wide = INSIDE / 4
    layers: list[Layer] = []
    for index, name in enumerate(("top", "middle", "bottom", "baseline")):
        x = EDGE + wide * index
        layers += [
            _frame(x, 32, wide, 95),
            _text("Ag", 32, x=x, size=29, weight=700, line_height=1, align="center", box_width=wide,
                  box_height=95, vertical_align=name, color=RED if name == "baseline" else INK),
        ]  # fmt: skip
    return layers


def _boxes() -> list[tuple[str, list[Layer]]]:
    size = {"size": 25, "weight": 700, "line_height": 1.12, "box_height": 71}
    box = _frame(EDGE, 30, INSIDE, 71)
    said = "Everything that has to be said, and a word more than fits"
    return [
        ("overflow: visible", [_ground(PAPER), box, _text(said, 30, **size)]),
        ("overflow: clip", [_ground(PAPER), box, _text(said, 30, **size, overflow="clip")]),
        ("overflow: ellipsis; max_lines", [
            _ground(PAPER), box, _text(said, 30, **size, overflow="ellipsis", max_lines=2)]),
        ("overflow: shrink; min_size", [
            _ground(PAPER), box, _text(said, 30, **size, overflow="shrink", min_size=12)]),
        ("auto_fit", [
            _ground(RED),
            _text("FITS", 4, size=200, weight=900, auto_fit=True, box_height=98, color=PAPER, line_height=1),
            _text("every box it is given", 104, size=200, weight=600, auto_fit=True, box_height=40,
                  max_lines=1),
        ]),
        ("background per line", [
            _ground(PAPER),
            _text("Marked\nline by line", 36, x=EDGE + 8, size=32, weight=900, line_height=1.15,
                  background={"fill": OCHRE, "padding": 5, "radius": 9}),
        ]),
        ("background per box", [
            _ground(OCHRE),
            _text("One box\nfor all", 42, x=EDGE + 22, size=30, weight=700, align="center", line_height=1.2,
                  box_width=INSIDE - 44, box_height=76, vertical_align="middle", color=PAPER,
                  background={"per": "box", "fill": INK, "padding": 14, "radius": 18}),
        ]),
        ("background of a run", [
            _ground(PAPER),
            _runs([
                _run("Press   "), _key("Ctrl"), _run("    "), _key("S"), _run("\nand go home."),
            ], 36, size=27, weight=600, line_height=1.65),
        ]),
    ]  # fmt: skip


def _paints() -> list[tuple[str, list[Layer]]]:
    kinds = ("ink", "box", "line", "glyph")
    return [
        (f"gradient_box: {kind}", [
            _ground(INK),
            _frame(EDGE, 22, INSIDE, 115),
            _text("Glow\non", 22, size=56, weight=900, line_height=0.98, letter_spacing=-1, color=EMBER,
                  gradient_box=kind, box_height=115),
        ])
        for kind in kinds
    ]  # fmt: skip


def _fonts() -> list[tuple[str, list[Layer]]]:
    greetings = "Hello Привет Γειά שלום नमस्ते สวัสดี გამარჯობა Բարեւ வணக்கம் ሰላም مرحبا"
    fonts = ["Source Sans Pro", *NOTO, "emoji"]
    return [
        ("fonts", [
            _ground(PAPER),
            _text(greetings, 15, size=18.5, weight=600, line_height=1.3, word_spacing=3, fonts=fonts,
                  align="center"),
        ]),
        ("fonts: emoji", [
            _ground(OCHRE),
            _text("🦊🌵🎈\n🍉🚲🌍", 28, size=40, fonts=fonts, align="center", line_height=1.28),
        ]),
        ("language: ru, sr", [
            _ground(RED),
            _runs([
                _run("боб\n", language="ru"), _run("боб", language="sr", color=PAPER),
            ], 13, size=58, weight=600, align="center", line_height=1.1),
        ]),
        ("missing_glyphs: box", [
            _ground(PAPER),
            _text("漢 is not\nin this font", 38, size=32, weight=600, missing_glyphs="box", align="center"),
        ]),
    ]  # fmt: skip


def _ground(color: str) -> Layer:
    return {"type": "raster", "source": {"color": color}, "width": WIDE, "height": HIGH}


def _frame(x: float, y: float, width: float, height: float) -> Layer:
    """The thin outline of a box."""
    rect = {"type": "rect", "x": x + 0.5, "y": y + 0.5, "width": width - 1, "height": height - 1}
    return {"type": "vector", "shapes": [{**rect, "stroke": {"color": GREY, "width": 1}}]}


def _text(text: str, y: float = 0, x: float = EDGE, **fields: Any) -> Layer:
    """A text between the margins of a tile."""
    return _placed(x, y, {"text": text, **fields})


def _runs(runs: list[Layer], y: float, **fields: Any) -> Layer:
    return _placed(EDGE, y, {"runs": runs, **fields})


def _placed(x: float, y: float, fields: Layer) -> Layer:
    return {"type": "text", "box_width": INSIDE, "color": INK, **fields, "transform": {"x": x, "y": y}}


def _run(text: str, **fields: Any) -> Layer:
    return {"text": text, **fields}


def _key(text: str) -> Layer:
    """A key of a keyboard."""
    return _run(text, size=21, color=PAPER, background={"fill": INK, "padding": 5, "radius": 8})
