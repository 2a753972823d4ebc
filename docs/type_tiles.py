"""The tiles of the sheet of type: what text layers can do, as a type foundry shows its letters."""

from __future__ import annotations

from docs.sheets import Layer
from docs.type_boxes import box_tiles
from docs.type_parts import (
    EDGE,
    GREY,
    INK,
    INSIDE,
    NOTO,
    OCHRE,
    PAPER,
    RED,
    RUBIK,
    Tile,
    frame,
    ground,
    run,
    runs,
    text,
)

__all__ = ["type_tiles"]

NOTICE = "Set solid, lines touch. A little lead between them lets the eye find its way back to the next."
FERRY = (
    "No timetable is kept. The ferry leaves when the bell-ringer has counted enough passengers, "
    "and it returns when the wind of the afternoon has turned toward the harbour."
)


def type_tiles() -> list[Tile]:
    """Each field of a text layer at least once, and each of its choices."""
    return [*_styles(), *_letters(), *_lines(), *box_tiles()]


def _styles() -> list[Tile]:
    weights = {"Extralight": 200, "Light": 300, "Regular": 400, "Semibold": 600, "Bold": 700, "Black": 900}
    names = [run(f"{name}\n", weight=weight) for name, weight in weights.items()]
    numbers = "\n".join(str(weight) for weight in weights.values())
    letters = [run(letter, axes={"wght": 300 + index * 600 / 7}) for index, letter in enumerate("Variable")]
    return [
        ("weight", [
            ground(PAPER),
            runs(names, 13, size=22, line_height=1),
            text(numbers, 13, size=22, line_height=1, weight=300, align="right", color=GREY),
        ]),
        ("italic", [
            ground(RED),
            runs([
                run("ag"), run("ag", italic=True, color=PAPER),
            ], 21, size=82, weight=600, align="center"),
        ]),
        ("axes", [ground(PAPER), runs(letters, 53, font=RUBIK, size=40, align="center")]),
        ("runs", [
            ground(INK),
            runs([
                run("21", size=104, weight=200, letter_spacing=-3),
                run("°C\n", size=38, weight=700, color=OCHRE, baseline_shift=0.98),
                run("light rain", size=21, weight=600),
                run(", west wind", size=21, weight=300),
            ], 0, color=PAPER, line_height=1.1),
        ]),
    ]  # fmt: skip


def _letters() -> list[Tile]:
    row: Layer = {"text": "11:15\n20:48\n17:31", "font": RUBIK, "size": 26, "line_height": 1.4, "weight": 500}
    return [
        ("features: tnum", [
            ground(OCHRE),
            text(y=25, **row),
            text(y=25, **row, features={"tnum": 1}, align="right"),
        ]),
        ("features: onum", [
            ground(PAPER),
            text("2046", 8, size=68, weight=300, align="center", color=GREY),
            text("2046", 65, size=68, weight=300, align="center", features={"onum": 1, "pnum": 1}),
        ]),
        ("features: frac, zero, ordn", [
            ground(INK),
            runs([
                run("3/4 ", features={"frac": 1}),
                run("100\n", features={"zero": 1}, color=OCHRE),
                run("2a  1o", features={"ordn": 1}),
            ], 12, size=52, weight=600, color=PAPER, align="center"),
        ]),
        ("case: small-caps", [
            ground(PAPER),
            text("Type\nFoundry", 29, size=41, weight=300, letter_spacing=2, case="small-caps",
                  align="center", line_height=1.15),
        ]),
        ("case: upper, lower, title", [
            ground(PAPER),
            runs([
                run("Loud voice\n", case="upper", weight=900),
                run("Low Voice\n", case="lower", weight=300),
                run("in the title", case="title", weight=600, color=RED),
            ], 23, size=30, line_height=1.25),
        ]),
        ("decoration", [
            ground(OCHRE),
            runs([
                run("underline\n", decoration="underline"),
                run("strikethrough\n", decoration="strikethrough"),
                run("overline", decoration=["overline"]),
            ], 16, size=28, weight=600, line_height=1.5),
        ]),
        ("baseline_shift", [
            ground(RED),
            runs([
                run("H"), run("2", size=26, baseline_shift=-0.2), run("O\nmc"),
                run("2", size=26, baseline_shift=0.75),
            ], 13, size=54, weight=600, color=PAPER, align="center"),
        ]),
        ("letter_spacing", [
            ground(PAPER),
            runs([
                run("TIGHTER\n", letter_spacing=-2),
                run("AS IT IS\n"),
                run("WIDER", letter_spacing=14, color=RED),
            ], 20, size=33, weight=700, line_height=1.2),
        ]),
    ]  # fmt: skip


def _lines() -> list[Tile]:
    small = {"size": 14, "line_height": 1.25}
    half = INSIDE / 2 - 8
    return [
        ("line_height; leading", [
            ground(INK),
            text(NOTICE, 16, size=13, line_height=1, box_width=half, color=PAPER),
            text(NOTICE, 17.8, size=13, line_height=1.4, leading="above", box_width=half, color=OCHRE,
                 x=EDGE + half + 16, max_lines=7, overflow="clip"),
        ]),
        ("align: left, center, right", [
            ground(PAPER),
            text("Flush left,\nragged right", 14, **small, weight=600),
            text("centred, as\nof a title", 61, **small, weight=600, align="center", color=RED),
            text("flush right,\nragged left", 108, **small, weight=600, align="right"),
        ]),
        ("align: justify; hyphenate", [
            ground(PAPER),
            text(FERRY, 14, size=14.5, line_height=1.26, align="justify", hyphenate=True, language="en"),
        ]),
        ("balance", [
            ground(OCHRE),
            text("The last word is over", 19, size=23, line_height=1.1),
            text("The last word is over", 83, size=23, line_height=1.1, weight=700, balance=True),
        ]),
        ("indent, paragraph_spacing", [
            ground(PAPER),
            text("The first line steps in, so that a reader sees where a thought begins.\n"
                  "A little air above it says the same, and both together say it twice.",
                  17, **small, indent=16, paragraph_spacing=8),
        ]),
        ("word_spacing", [
            ground(RED),
            runs([
                run("as far as it is\n", word_spacing=-2), run("as far as it is\n"),
                run("as far as it is", word_spacing=9, color=PAPER),
            ], 25, size=24, weight=600, line_height=1.5),
        ]),
        ("vertical_align", [ground(PAPER), *_heights()]),
        ("direction; align: start, end", [
            ground(INK),
            text("Hello, world\nשלום, עולם", 14, size=27, weight=600, fonts=["Source Sans Pro", NOTO[0]],
                  align="start", color=PAPER),
            text("(12) Hello", 86, size=24, weight=300, direction="rtl", align="end", color=OCHRE),
            text("(12) Hello", 115, size=24, weight=300, direction="rtl", align="start", color=OCHRE),
        ]),
    ]  # fmt: skip


def _heights() -> list[Layer]:
    """Boxes beside one another, and where their lines lie."""
    wide = INSIDE / 4
    layers: list[Layer] = []
    for index, name in enumerate(("top", "middle", "bottom", "baseline")):
        x = EDGE + wide * index
        layers += [
            frame(x, 32, wide, 95),
            text("Ag", 32, x=x, size=29, weight=700, line_height=1, align="center", box_width=wide,
                  box_height=95, vertical_align=name, color=RED if name == "baseline" else INK),
        ]  # fmt: skip
    return layers
