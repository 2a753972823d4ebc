"""Layer effects as the descriptor that Photoshop keeps for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psd_tools.constants import Tag
from psd_tools.psd.descriptor import DescriptorBlock2

from engines.image_core.composition import effects as told
from engines.image_core.composition.effects import Effect
from engines.image_core.composition.fields import parse_color
from engines.image_core.composition.fills import GradientFill, PatternFill
from engines.image_core.composition.strokes import StrokeEffect, outlined
from engines.image_core.composition.tones import IDENTITY
from engines.image_core.psd.writing import descriptors as d
from engines.image_core.psd.writing.gradients import falloff_values, gradient_values
from engines.image_core.psd.writing.notes import LayerNotes
from engines.image_core.psd.writing.patterns import Patterns

__all__ = ["effects_blocks", "unwritten"]

Values = dict[bytes, Any]


def unwritten(effects: Sequence[Effect], *, group: bool) -> list[str]:
    """Those of a layer's effects that are not written as effects, in words. group: it is a group's."""
    found = []
    for index, effect in enumerate(effects):
        match effect:
            case told.Shadow() | told.BackdropBlur():
                found.append(f"a {effect.type}")
            case told.PatternOverlay() if group:
                found.append("a group's pattern-overlay")
            case StrokeEffect() if outlined(effect):
                found.append("a stroke along outlines")
            case StrokeEffect(color=PatternFill()):
                found.append("a stroke of a pattern")
            case _ if isinstance(effect, _SINGLE) and any(
                type(one) is type(effect) for one in effects[:index]
            ):
                found.append(f"a second {effect.type}")
    return found


def effects_blocks(effects: Sequence[Effect], patterns: Patterns, notes: LayerNotes) -> dict[Tag, Any]:
    """The block of a layer's effects, all of which Photoshop has; nothing where there are none.

    It has one block for effects of which each is the only one of its kind, which all versions read, and one
    for several of a kind.
    """
    if not effects:
        return {}
    kinds = [type(effect) for effect in effects]
    listed = len(set(kinds)) < len(kinds)
    found: Values = {b"Scl ": d.percent(1), b"masterFXSwitch": d.flag(True)}
    for kind, (name, several, write) in _WRITERS.items():
        written = [
            d.descriptor(name, _SHOWN | write(effect, notes) | _pattern(effect, patterns, notes))
            for effect in effects
            if type(effect) is kind
        ]
        if listed and several and written:
            found[several] = d.several(written[::-1])  # the uppermost comes first
        elif written:
            found[name] = written[0]
    block = DescriptorBlock2(version=0, name="\0", classID=b"null", items=list(found.items()))
    tag = Tag.OBJECT_BASED_EFFECTS_LAYER_INFO_V0 if listed else Tag.OBJECT_BASED_EFFECTS_LAYER_INFO
    return {tag: block}


def _pattern(effect: Effect, patterns: Patterns, notes: LayerNotes) -> Values:
    return patterns.values(effect.pattern, notes) if isinstance(effect, told.PatternOverlay) else {}


def _blended(effect: Any, color: str | None = None) -> Values:
    """Mode and opacity, which a colour's alpha is a part of."""
    alpha = 1.0 if color is None else parse_color(color)[3] / 255
    return {b"Md  ": d.mode(effect.blend_mode), b"Opct": d.percent(effect.opacity * alpha)}


def _colored(effect: Any, notes: LayerNotes) -> Values:
    """The paint of an effect in one colour or a gradient, with mode and opacity."""
    if isinstance(effect.color, GradientFill):
        values = gradient_values if isinstance(effect, StrokeEffect) else falloff_values
        return {**_blended(effect), **values(effect.color, notes)}
    return {**_blended(effect, effect.color), b"Clr ": d.color(effect.color)}


def _contoured(effect: Any) -> Values:
    return {b"AntA": d.flag(False), b"TrnS": d.contour(effect.contour)}


def _lit(angle: float) -> Values:
    return {b"uglg": d.flag(False), b"lagl": d.degrees(angle)}


def _drop_shadow(effect: told.DropShadow, notes: LayerNotes) -> Values:
    return _shadow(effect, effect.spread, notes) | {b"layerConceals": d.flag(effect.knockout)}


def _inner_shadow(effect: told.InnerShadow, notes: LayerNotes) -> Values:
    return _shadow(effect, effect.choke, notes)


def _shadow(effect: told.DropShadow | told.InnerShadow, choke: float, notes: LayerNotes) -> Values:
    return {
        **_colored(effect, notes),
        **_lit(effect.angle),
        b"Dstn": d.pixels(effect.distance),
        b"Ckmt": d.pixels(100 * choke),
        b"blur": d.pixels(effect.size),
        b"Nose": d.percent(effect.noise),
        **_contoured(effect),
    }


def _glow(effect: told.OuterGlow | told.InnerGlow, choke: float, notes: LayerNotes) -> Values:
    return {
        **_colored(effect, notes),
        b"GlwT": d.named(b"BETE", b"SfBL" if effect.technique == "softer" else b"PrBL"),
        b"Ckmt": d.pixels(100 * choke),
        b"blur": d.pixels(effect.size),
        b"Nose": d.percent(effect.noise),
        b"ShdN": d.percent(0),
        **_contoured(effect),
        b"Inpr": d.percent(effect.range),
    }


def _outer_glow(effect: told.OuterGlow, notes: LayerNotes) -> Values:
    return _glow(effect, effect.spread, notes)


def _inner_glow(effect: told.InnerGlow, notes: LayerNotes) -> Values:
    source = b"SrcE" if effect.source == "edge" else b"SrcC"
    return _glow(effect, effect.choke, notes) | {b"glwS": d.named(b"IGSr", source)}


def _satin(effect: told.Satin, notes: LayerNotes) -> Values:
    return {
        **_colored(effect, notes),
        b"AntA": d.flag(False),
        b"Invr": d.flag(effect.inverted),
        b"lagl": d.degrees(effect.angle),
        b"Dstn": d.pixels(effect.distance),
        b"blur": d.pixels(effect.size),
        b"MpgS": d.contour(effect.contour),
    }


def _color_overlay(effect: told.ColorOverlay, notes: LayerNotes) -> Values:
    return _colored(effect, notes)


def _gradient_overlay(effect: told.GradientOverlay, notes: LayerNotes) -> Values:
    aligned = {b"Algn": d.flag(effect.align == "layer")}
    return _blended(effect) | gradient_values(effect.gradient, notes) | aligned


def _pattern_overlay(effect: told.PatternOverlay, notes: LayerNotes) -> Values:
    """All but the pattern."""
    return {**_blended(effect), b"Algn": d.flag(effect.align == "layer")}


def _stroke(effect: StrokeEffect, notes: LayerNotes) -> Values:
    if effect.metric == "euclidean":
        notes.approximated("a stroke's distances are Photoshop's, up to 3 % longer than straight ones")
    position = {"outside": b"OutF", "inside": b"InsF", "center": b"CtrF"}[effect.position]
    filled = b"GrFl" if isinstance(effect.color, GradientFill) else b"SClr"
    return {
        b"Styl": d.named(b"FStl", position),
        b"PntT": d.named(b"FrFl", filled),
        b"Sz  ": d.pixels(effect.size),
        **_colored(effect, notes),
        b"overprint": d.flag(False),
    }


def _bevel(effect: told.Bevel, notes: LayerNotes) -> Values:
    style = {"inner": b"InrB", "outer": b"OtrB", "emboss": b"Embs", "pillow": b"PlEb"}[effect.style]
    profile: Values = {}
    if effect.contour != IDENTITY:
        profile = {
            b"MpgS": d.contour(effect.contour),
            b"AntA": d.flag(False),
            b"Inpr": d.percent(1),
        }
    return {
        **_shade(b"hgl", effect.highlight),
        **_shade(b"sdw", effect.shadow),
        b"bvlT": d.named(b"bvlT", b"SfBL"),
        b"bvlS": d.named(b"BESl", style),
        **_lit(effect.angle),
        b"Lald": d.degrees(effect.altitude),
        b"srgR": d.percent(effect.depth),
        b"blur": d.pixels(effect.size),
        b"bvlD": d.named(b"BESs", b"In  " if effect.direction == "up" else b"Out "),
        b"TrnS": d.contour(effect.gloss_contour),
        b"antialiasGloss": d.flag(False),
        b"Sftn": d.pixels(effect.soften),
        b"useShape": d.flag(bool(profile)),
        **profile,
        b"useTexture": d.flag(False),
    }


def _shade(key: bytes, shade: told.BevelHighlight | told.BevelShadow) -> Values:
    alpha = parse_color(shade.color)[3] / 255
    return {
        key + b"M": d.mode(shade.blend_mode),
        key + b"C": d.color(shade.color),
        key + b"O": d.percent(shade.opacity * alpha),
    }


_Writer = Callable[[Any, LayerNotes], Values]

_WRITERS: dict[type[Any], tuple[bytes, bytes | None, _Writer]] = {
    told.DropShadow: (b"DrSh", b"dropShadowMulti", _drop_shadow),
    told.InnerShadow: (b"IrSh", b"innerShadowMulti", _inner_shadow),
    told.OuterGlow: (b"OrGl", None, _outer_glow),
    told.ColorOverlay: (b"SoFi", b"solidFillMulti", _color_overlay),
    told.GradientOverlay: (b"GrFl", b"gradientFillMulti", _gradient_overlay),
    told.PatternOverlay: (b"patternFill", None, _pattern_overlay),
    StrokeEffect: (b"FrFX", b"frameFXMulti", _stroke),
    told.InnerGlow: (b"IrGl", None, _inner_glow),
    told.Bevel: (b"ebbl", None, _bevel),
    told.Satin: (b"ChFX", None, _satin),
}
"""Of each effect its class, which is its key too, the key of a list of several, and what writes it; in the
order of a file."""

_SINGLE = (told.PatternOverlay, told.OuterGlow, told.InnerGlow, told.Bevel, told.Satin)
"""Effects that a layer has one of."""

_SHOWN = {b"enab": d.flag(True), b"present": d.flag(True), b"showInDialog": d.flag(True)}
