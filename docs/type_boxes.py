"""Tiles of the sheet of type: boxes, backgrounds, gradients, fonts, paths and columns."""

from __future__ import annotations

from docs.sheets import HIGH, WIDE
from docs.type_parts import (
    EDGE,
    INK,
    INSIDE,
    JAPANESE,
    NOTO,
    OCHRE,
    PAPER,
    RED,
    Tile,
    along,
    frame,
    ground,
    key,
    run,
    runs,
    text,
)

__all__ = ["box_tiles"]

EMBER = {
    "type": "linear",
    "end": [1, 0],
    "stops": [
        {"offset": 0, "color": "#5b2be0"},
        {"offset": 0.5, "color": "#ef3e5b"},
        {"offset": 1, "color": "#ffc247"},
    ],
}


def box_tiles() -> list[Tile]:
    """What bounds a text, lies behind it, colours it and draws it."""
    return [*_boxes(), *_paints(), *_ways(), *_fonts()]


def _boxes() -> list[Tile]:
    size = {"size": 25, "weight": 700, "line_height": 1.12, "box_height": 71}
    box = frame(EDGE, 30, INSIDE, 71)
    said = "Everything that has to be said, and a word more than fits"
    return [
        ("overflow: visible", [ground(PAPER), box, text(said, 30, **size)]),
        ("overflow: clip", [ground(PAPER), box, text(said, 30, **size, overflow="clip")]),
        ("overflow: ellipsis; max_lines", [
            ground(PAPER), box, text(said, 30, **size, overflow="ellipsis", max_lines=2)]),
        ("overflow: shrink; min_size", [
            ground(PAPER), box, text(said, 30, **size, overflow="shrink", min_size=12)]),
        ("auto_fit", [
            ground(RED),
            text("FITS", 4, size=200, weight=900, auto_fit=True, box_height=98, color=PAPER, line_height=1),
            text("every box it is given", 104, size=200, weight=600, auto_fit=True, box_height=40,
                  max_lines=1),
        ]),
        ("background per line", [
            ground(PAPER),
            text("Marked\nline by line", 36, x=EDGE + 8, size=32, weight=900, line_height=1.15,
                  background={"fill": OCHRE, "padding": 5, "radius": 9}),
        ]),
        ("background per box", [
            ground(OCHRE),
            text("One box\nfor all", 42, x=EDGE + 22, size=30, weight=700, align="center", line_height=1.2,
                  box_width=INSIDE - 44, box_height=76, vertical_align="middle", color=PAPER,
                  background={"per": "box", "fill": INK, "padding": 14, "radius": 18}),
        ]),
        ("background of a run", [
            ground(PAPER),
            runs([
                run("Press   "), key("Ctrl"), run("    "), key("S"), run("\nand go home."),
            ], 36, size=27, weight=600, line_height=1.65),
        ]),
    ]  # fmt: skip


def _paints() -> list[Tile]:
    kinds = ("ink", "box", "line", "glyph")
    return [
        (f"gradient_box: {kind}", [
            ground(INK),
            frame(EDGE, 22, INSIDE, 115),
            text("Glow\non", 22, size=56, weight=900, line_height=0.98, letter_spacing=-1, color=EMBER,
                  gradient_box=kind, box_height=115),
        ])
        for kind in kinds
    ]  # fmt: skip


def _fonts() -> list[Tile]:
    greetings = "Hello Привет Γειά שלום नमस्ते สวัสดี გამარჯობა Բարեւ வணக்கம் ሰላም مرحبا"
    fonts = ["Source Sans Pro", *NOTO, "emoji"]
    return [
        ("fonts", [
            ground(PAPER),
            text(greetings, 15, size=18.5, weight=600, line_height=1.3, word_spacing=3, fonts=fonts,
                  align="center"),
        ]),
        ("fonts: emoji", [
            ground(OCHRE),
            text("🦊🌵🎈\n🍉🚲🌍", 28, size=40, fonts=fonts, align="center", line_height=1.28),
        ]),
        ("language: ru, sr", [
            ground(RED),
            runs([
                run("боб\n", language="ru"), run("боб", language="sr", color=PAPER),
            ], 13, size=58, weight=600, align="center", line_height=1.1),
        ]),
        ("missing_glyphs: box", [
            ground(PAPER),
            text("漢 is not\nin this font", 38, size=32, weight=600, missing_glyphs="box", align="center"),
        ]),
    ]  # fmt: skip


def _ways() -> list[Tile]:
    arc = {"type": "arc", "center": [WIDE / 2, HIGH / 2], "radius": 47}
    wave = {"d": "M17 102 C60 58 86 66 108 82 S160 104 197 66"}
    japanese = [JAPANESE, "Source Sans Pro"]
    return [
        ("path: arc", [
            ground(RED),
            along(arc, "Round and round it goes · ", size=26, weight=700, color=PAPER),
        ]),
        ("path: d", [
            ground(PAPER),
            along(wave, "Over hill and dale", size=24, letter_spacing=1, weight=700, align="center"),
        ]),
        ("writing_mode: vertical-rl", [
            ground(INK),
            text("雨の日に\n家の中で\n本を読む", 20, size=30, color=PAPER, line_height=1.85,
                 fonts=japanese, writing_mode="vertical-rl", box_height=HIGH - 36),
        ]),
        ("combine_upright", [
            ground(OCHRE),
            runs([
                run("12", combine_upright=True), run("月"),
                run("24", combine_upright=True), run("日\n土曜日"),
            ], 18, size=29, fonts=japanese, writing_mode="vertical-rl", box_height=HIGH - 36,
                 box_width=INSIDE - 22, line_height=2.4),
        ]),
    ]  # fmt: skip
