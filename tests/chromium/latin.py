"""Paragraphs of Latin letters: wrapping, spacing, styles, cases, alignment, hyphens and lines along text."""

from __future__ import annotations

from tests.chromium.samples import Sample

__all__ = ["LATIN"]

_NOTO = "Noto Sans"
_PLAIN = (
    "The harbour lights came on one after another, and the ferry turned slowly towards the pier while "
    "gulls were still circling over the market halls."
)
_KERNED = (
    "AVATAR Towers, Yonkers To Vienna: Tallinn, Växjö, LYON, P.A., Wyoming, Tyrol; “Vaduz”, Ay, Ľubľana."
)
_LIGATURES = (
    "The officer's fluffy waffle firm offers five final figs; affluent fjord fishers file off difficult fins."
)
_LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel and "
    "pneumonoultramicroscopicsilicovolcanoconiosis"
)
_WORDS = (
    "International communication requires considerable understanding; administrative representatives "
    "occasionally misinterpret complicated terminology."
)
_URL = (
    "See https://example.org/archive/2026/november/index.html?language=en&page=12#results or write to "
    "first.last@mail.example.org, e.g. about and/or, 24/7, C:\\temp and state-of-the-art well-known e-mail."
)
_SOFT = (
    "Un-be-liev-ably com-pli-cat-ed ty-pog-ra-phy, waf-fles and af-flu-ent of-fi-cers AV-AV in a nar-row "
    "col-umn"
).replace("-", "\u00ad")
_FRENCH = (
    "«\u00a0Où vas-tu\u202f?\u00a0» demanda-t-elle\u202f; il répondit\u202f: «\u00a0À l’île de Ré, "
    "à 10\u202f000\u00a0km d’ici\u202f!\u00a0» — puis rien."
)
_SPACES = (
    "Two  spaces,   three, and some at a line's     end.\nA second paragraph,\n\nand one after an empty line."
)
_NO_BREAK = (
    "At 10\u00a0000\u00a0km from Paris, 7\u00a0% of 1\u00a0200 people (and\u00a0more) agreed "
    "on 3\u00a0May\u00a02026, as\u00a0told."
)
_MARKS = (
    "Việt Nam: Hồ Chí Minh, Đà Nẵng, Huế; Ἀθῆναι, Ῥόδος; "
    "Z\u0323\u030ca\u0301\u0302 q\u0303 Łu\u0328\u0301 ė\u0303 ї\u0301"
)
_PUNCTUATED = (
    "“Quoted” (in brackets), ‘single’ – dashed—without spaces—or with… ellipses... $100, 50% or 5€; -7 and "
    "+8, 1,234.56; C++ & C#, [sic]! ¿Qué? ¡No! a/b 10:30 p.m. No. 5 100km/h ‹l’un› «l’autre» § 7 ©2026"
)
_JOINED = (
    "zero\u200bwidth\u200bspaces\u200bpart and word\u2060\u2013\u2060joiners join, as non\u2011breaking "
    "hyphens do, well\u2010known ones do not"
)

LATIN = (
    Sample("Latin, wrapped", {"text": _PLAIN}),
    Sample("a variable font at weight 430", {"text": _PLAIN, "font": "Rubik", "weight": 430}),
    Sample("italic, line height 1.75", {"text": _PLAIN, "italic": True, "line_height": 1.75, "size": 20.0}),
    Sample("kerning", {"text": _KERNED, "size": 32.0, "box_width": 420.0}),
    Sample(
        "kerning switched off", {"text": _KERNED, "size": 32.0, "features": {"kern": 0}, "box_width": 420.0}
    ),
    Sample("ligatures", {"text": _LIGATURES, "font": _NOTO}),
    Sample(
        "figures, fractions and more by feature",
        {
            "text": "1234567890, 1/2 and 3/4, 21 111 7, 0 or O: from 1918 to 2026, 10111 people in 7 halls",
            "features": {"onum": 1, "tnum": 1, "frac": 0, "zero": 1},
        },
    ),
    Sample("letter spacing", {"text": _LIGATURES, "letter_spacing": 1.5}),
    Sample("letters set closer", {"text": _PLAIN, "letter_spacing": -0.5, "font": _NOTO}),
    Sample("word spacing", {"text": _PLAIN, "word_spacing": 5.25}),
    Sample(
        "letter and word spacing, centred",
        {"text": _PLAIN, "letter_spacing": 2.0, "word_spacing": -2.0, "align": "center"},
    ),
    Sample(
        "sizes and weights in one line",
        {
            "runs": [
                {"text": "Small "},
                {"text": "LARGE", "size": 40.0, "weight": 700},
                {"text": " and "},
                {"text": "slanted", "italic": True, "size": 28.0},
                {"text": ", then "},
                {"text": "black", "weight": 900},
                {"text": " on a line that goes on with "},
                {"text": "Rubik", "font": "Rubik", "size": 30.0, "weight": 500},
                {"text": " and ends plainly after a few more words."},
            ],
            "size": 18.0,
        },
    ),
    Sample(
        "raised and lowered",
        {
            "runs": [
                {"text": "E = mc"},
                {"text": "2", "size": 14.0, "baseline_shift": 0.5},
                {"text": " and H"},
                {"text": "2", "size": 14.0, "baseline_shift": -0.15},
                {"text": "O, the 1"},
                {"text": "st", "size": 14.0, "baseline_shift": 0.5},
                {"text": " of May and the 22"},
                {"text": "nd", "size": 14.0, "baseline_shift": 0.5},
                {"text": " of June, 10"},
                {"text": "−12", "size": 14.0, "baseline_shift": 0.5},
                {"text": " metres apart."},
            ],
            "line_height": 1.5,
        },
    ),
    Sample(
        "small capitals of the font",
        {"text": "Small Capitals of Source Sans, in the City of Łódź, 1918", "case": "small-caps"},
    ),
    Sample(
        "small capitals made smaller",
        {
            "text": "Small Capitals of Rubik, in the City of Lima, 1918, Avenue To Tyre",
            "case": "small-caps",
            "font": "Rubik",
        },
    ),
    Sample(
        "upper case",
        {
            "text": "Straße, naïve façade, ﬁne œuvre and İstanbul’s ŉ in capitals, from Ǆ to ß",
            "case": "upper",
            "font": _NOTO,
        },
    ),
    Sample(
        "lower case",
        {
            "text": "ΟΔΥΣΣΕΥΣ AND THE CITY OF ATHENS (ΑΘΗΝΑ), ÅRHUS, ŽILINA, ŁÓDŹ",
            "case": "lower",
            "font": _NOTO,
        },
    ),
    Sample(
        "title case",
        {
            "text": "the people’s e-mail: o’neill’s (new) “quoted” 3rd ångström-unit well-known élan",
            "case": "title",
        },
    ),
    Sample("first line indented", {"text": _PLAIN, "indent": 40.0}),
    Sample("first line hanging out", {"text": _PLAIN, "indent": -9.5}),
    Sample("justified", {"text": f"{_PLAIN} {_LIGATURES}", "align": "justify"}),
    Sample(
        "justified with word spacing and indent",
        {"text": f"{_PLAIN}", "align": "justify", "word_spacing": 2.0, "letter_spacing": 0.5, "indent": 24.0},
    ),
    Sample("centred", {"text": _PLAIN, "align": "center", "box_width": 333.5}),
    Sample("right", {"text": _PLAIN, "align": "right"}),
    Sample(
        "soft hyphens",
        {
            "text": _SOFT,
            "box_width": 150.0,
        },
    ),
    Sample(
        "hyphenated English", {"text": _WORDS, "hyphenate": True, "language": "en-US", "box_width": 190.0}
    ),
    Sample("long words", {"text": _LONG, "box_width": 240.0}),
    Sample("addresses, slashes and hyphens", {"text": _URL, "box_width": 300.0, "size": 20.0}),
    Sample(
        "French spaces that do not break",
        {
            "text": _FRENCH,
            "language": "fr",
        },
    ),
    Sample(
        "underlined and struck through",
        {
            "runs": [
                {"text": "Plain, "},
                {"text": "underlined, jumpy", "decoration": "underline"},
                {"text": " and "},
                {"text": "struck through over a line's end", "decoration": "strikethrough"},
                {"text": " or "},
                {"text": "both", "decoration": ["underline", "strikethrough"], "size": 36.0},
            ],
        },
    ),
    Sample(
        "balanced",
        {
            "text": "A headline of moderate length that should not leave one word alone on its last line",
            "balance": True,
            "align": "center",
            "size": 30.0,
            "weight": 700,
        },
    ),
    Sample("cut after two lines", {"text": _PLAIN, "max_lines": 2, "overflow": "ellipsis"}),
    Sample(
        "raised above the line",
        {
            "runs": [
                {"text": "A line with a word that is "},
                {"text": "raised", "baseline_shift": 0.7},
                {"text": " and one that is "},
                {"text": "lowered", "baseline_shift": -0.6},
                {"text": " by more than the leading has room for."},
            ]
        },
    ),
    Sample(
        "runs smaller than the layer",
        {
            "size": 36.0,
            "runs": [
                {"text": "All of this text is written in runs of a smaller size ", "size": 18.0},
                {
                    "text": "than the layer itself has, which no letter of it is drawn in.",
                    "size": 20.0,
                    "weight": 600,
                },
            ],
        },
    ),
    Sample(
        "runs that part words",
        {
            "runs": [
                {"text": "A", "color": "#000001"},
                {"text": "VAT", "weight": 400},
                {"text": "AR of", "italic": True},
                {"text": "fi"},
                {"text": "ce, o"},
                {"text": "f", "color": "#000001"},
                {"text": "f and T", "color": "#000000"},
                {"text": "okyo", "weight": 700},
            ],
            "size": 32.0,
        },
    ),
    Sample(
        "spaces that are kept, and paragraphs",
        {"text": _SPACES},
    ),
    Sample(
        "no-break spaces, widened and justified",
        {
            "text": _NO_BREAK,
            "word_spacing": 3.0,
            "align": "justify",
            "box_width": 280.0,
        },
    ),
    Sample(
        "marks above and below",
        {
            "text": _MARKS,
            "font": "Noto Sans",
        },
    ),
    Sample(
        "quotes, dashes, ellipses and currencies", {"text": _PUNCTUATED, "box_width": 200.0, "size": 20.0}
    ),
    Sample(
        "letters spaced, cut after one line",
        {"text": _PLAIN, "letter_spacing": 2.0, "max_lines": 1, "overflow": "ellipsis"},
    ),
    Sample(
        "words joined and parted by marks",
        {
            "text": _JOINED,
            "font": _NOTO,
            "box_width": 150.0,
        },
    ),
    Sample(
        "ligatures asked for, alternates",
        {
            "text": "The act of cast iron, staff stuck; Quay, ß, fjord: fi ffi",
            "font": "Noto Sans",
            "features": {"dlig": 1, "salt": 1, "ss01": 1, "liga": 0},
        },
    ),
)
