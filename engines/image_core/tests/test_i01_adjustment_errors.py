"""What is wrong with an adjustment by type, told in one line."""

from __future__ import annotations

from typing import Any

import pytest

from engines.image_core import CompositionError
from engines.image_core.tests.composing import composed, solid

BLACK, WHITE = {"offset": 0, "color": "#000000"}, {"offset": 1, "color": "#ffffff"}
RANGE = {"angles": [0, 90, 180, 270]}

FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"type": "levels", "rgb": {"gamma": 0}}, ".rgb.gamma: 0 is not allowed: allowed is 0.01 to 9.99"),
    ({"type": "levels", "red": {"input_black": 254}},
     ".red.input_black: 254 is not allowed: allowed is 0 to 253"),
    ({"type": "levels", "red": {"input_black": 100, "input_white": 101}},
     ".red: input_white 101 is not allowed: allowed is input_black + 2 or more"),
    ({"type": "levels", "gamma": 2},
     ".gamma: 2 is not allowed: there is no such field: allowed are type, rgb, red, green, blue"),
    ({"type": "curves", "rgb": [[0, 0], [80, 9], [80, 10]]},
     ".rgb: points must come in ascending order: 80 follows 80"),
    ({"type": "curves", "rgb": [[0, 0]]}, ".rgb: allowed is a length of 2 or more"),
    ({"type": "curves", "rgb": [[0, 0], [1.5, 3]]},
     ".rgb[1][0]: 1.5 is not allowed: allowed is a whole number"),
    ({"type": "curves", "blue": [[0, 0], [9, 256]]}, ".blue[1][1]: 256 is not allowed: allowed is 0 to 255"),
    ({"type": "curves", "rgb": [[n, n] for n in range(20)]}, ".rgb: allowed is a length of up to 19"),
    ({"type": "brightness-contrast", "brightness": 151},
     ".brightness: 151 is not allowed: allowed is -150 to 150"),
    ({"type": "brightness-contrast", "contrast": -51},
     ": contrast -51 is not allowed: allowed is -50 to 100"),
    ({"type": "brightness-contrast", "brightness": 101, "legacy": True},
     ": brightness 101 is not allowed: legacy allows -100 to 100"),
    ({"type": "exposure", "offset": 0.6}, ".offset: 0.6 is not allowed: allowed is -0.5 to 0.5"),
    ({"type": "threshold", "level": 0}, ".level: 0 is not allowed: allowed is 1 to 255"),
    ({"type": "gradient-map"}, ".stops: this field is required"),
    ({"type": "gradient-map", "stops": [WHITE, BLACK]},
     ": stops must come in ascending order of offset"),
    ({"type": "gradient-map", "stops": [{**BLACK, "color": "#00000080"}, WHITE]},
     ": color '#00000080' is not allowed: allowed are opaque colors"),
    ({"type": "vibrance", "vibrance": float("nan")}, ".vibrance: nan is not allowed: allowed is -100 to 100"),
    ({"type": "hue-saturation", "hue": 200},
     ": hue 200 is not allowed: without colorize allowed is -180 to 180"),
    ({"type": "hue-saturation", "hue": -1, "colorize": True},
     ": hue -1 is not allowed: with colorize allowed is 0 to 360"),
    ({"type": "hue-saturation", "saturation": -1, "colorize": True},
     ": saturation -1 is not allowed: with colorize allowed is 0 to 100"),
    ({"type": "hue-saturation", "reds": {"angles": [0, 10, 5, 20]}},
     ".reds: angles [0, 10, 5, 20] are not allowed: they go round more than once"),
    ({"type": "hue-saturation", "reds": {"saturation": 5}}, ".reds.angles: this field is required"),
    ({"type": "hue-saturation", "reds": {**RANGE, "lightness": 101}},
     ".reds.lightness: 101 is not allowed: allowed is -100 to 100"),
    ({"type": "color-balance", "midtones": [101, 0, 0]},
     ".midtones[0]: 101 is not allowed: allowed is -100 to 100"),
    ({"type": "black-and-white", "reds": 301}, ".reds: 301 is not allowed: allowed is -200 to 300"),
    ({"type": "photo-filter", "density": 101}, ".density: 101 is not allowed: allowed is 0 to 100"),
    ({"type": "channel-mixer", "red": [1, 2, 3, 201]}, ".red[3]: 201 is not allowed: allowed is -200 to 200"),
    ({"type": "channel-mixer", "red": [1, 2, 3]}, ".red[3]: this field is required"),
    ({"type": "selective-color", "method": "both"},
     ".method: 'both' is not allowed: allowed is 'relative' or 'absolute'"),
    ({"type": "color-lookup"}, ".source: this field is required"),
    ({"type": "color-lookup", "source": {}},
     ".source: give exactly one of path, asset_id, psd (given: none)"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "line"), FAULTS, ids=str)
def test_faults_of_an_adjustment(step: dict[str, Any], line: str) -> None:
    """The layer, the filter, the field, the value and what is allowed."""
    with pytest.raises(CompositionError) as caught:
        composed({**solid("#ffffff"), "name": "photo", "filters": [step]})
    assert str(caught.value) == f"layer 'photo', layers[0].filters[0]{line}"
