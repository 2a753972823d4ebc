"""Filters of a layer as steps, with the areas they need around what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engines.image_core.composition.filters import Filter
from engines.image_core.composition.tints import ColorLookup
from engines.image_core.models import BlurFilter, PlacedLayer, SharpenFilter
from engines.image_core.numbers import kernels
from engines.image_core.numbers.geometry import Rect
from engines.image_core.numbers.rounding import round_fraction, to15
from engines.image_core.planning.adjusting import color_ops, lowered
from engines.image_core.planning.color_ops import ColorOp
from engines.image_core.planning.decoded import DecodedLookup
from engines.image_core.planning.edges import Frame, covered, extended, windowed
from engines.image_core.planning.entries import Compose, Layer
from engines.image_core.planning.lowering import fused
from engines.image_core.planning.placement import Placed, check_size
from engines.image_core.planning.steps import Blur, Resample, Sharpen, Smooth, Solid, Step

__all__ = [
    "blur_reach",
    "blurred",
    "filter_reach",
    "filtered",
    "flattened",
    "needs_pixels",
    "pointwise",
    "spreads",
]

AMOUNT_ONE = 1 << 12


def filter_reach(layer: PlacedLayer) -> int:
    """How many pixels beyond an area the layer's sharpness and filters may read."""
    reach = 1 if layer.adjustments.sharpness != 1 else 0
    return reach + sum(map(_reach, layer.filters))


def _reach(step: Filter) -> int:
    """The same of one filter."""
    return blur_reach(step.radius) if isinstance(step, BlurFilter | SharpenFilter) else 0


def blur_reach(sigma: float) -> int:
    """How many pixels beyond an area a blur may read."""
    reduction = _reduction(sigma)
    return len(kernels.gaussian_kernel(sigma / reduction)) * reduction + (
        4 * reduction if reduction > 1 else 0
    )


def _reduction(sigma: float) -> int:
    """The power of two that a blur's picture is reduced by."""
    reduction = 1
    while sigma / reduction >= kernels.REDUCE_FROM:
        reduction *= 2
    return reduction


def needs_pixels(layer: PlacedLayer) -> bool:
    """Whether the layer has a filter that looks at neighbouring pixels."""
    spatial = (step for step in layer.filters if isinstance(step, BlurFilter | SharpenFilter))
    return layer.adjustments.sharpness != 1 or not all(map(_idle, spatial))


def spreads(layer: PlacedLayer) -> bool:
    """Whether a blur takes the layer beyond its own edges."""
    blurs = (step for step in layer.filters if isinstance(step, BlurFilter))
    return any(step.edges == "transparent" and not _idle(step) for step in blurs)


def pointwise(layer: PlacedLayer, lookups: Sequence[DecodedLookup] = ()) -> tuple[ColorOp, ...]:
    """All colour operations of a layer that does not need pixels, in their order."""
    made = color_ops(layer.adjustments)
    tables = iter(lookups)
    for step in layer.filters:
        if not isinstance(step, BlurFilter | SharpenFilter):
            made += lowered(step, next(tables) if isinstance(step, ColorLookup) else None)
    return fused(made)


def filtered(
    layer: PlacedLayer,
    placed: Placed,
    need: Rect,
    lookups: Sequence[DecodedLookup] = (),
    frame: Frame | None = None,
) -> tuple[Placed, tuple[ColorOp, ...]] | None:
    """The layer's image after its adjustments and filters. lookups: those of `lookups_of`. frame: of its box,
    where `has_edges` holds.

    Returns:
        The image where it lies, and the colour operations still to be applied to it (compositing does);
        None when nothing of it reaches what is needed.

    Raises:
        TooLargeError: the filters together reach so far that an image on the way is too large.
    """
    pending = color_ops(layer.adjustments)
    tables = iter(lookups)
    reach = filter_reach(layer)
    if layer.adjustments.sharpness != 1:
        placed, pending = flattened(placed, pending), ()
        amount = round_fraction((Fraction(layer.adjustments.sharpness) - 1) * AMOUNT_ONE)
        placed = _over(placed, Sharpen(placed.image, Smooth(placed.image), amount, 0))
        reach -= 1
    for step in layer.filters:
        reach -= _reach(step)
        if not isinstance(step, BlurFilter | SharpenFilter):
            pending += lowered(step, next(tables) if isinstance(step, ColorLookup) else None)
            continue
        if _idle(step):
            continue
        placed, pending = flattened(placed, fused(pending)), ()
        match step:
            case BlurFilter():
                soft = _blurred(placed, step, need.expand(reach), frame)
                if soft is None:
                    return None
                check_size(soft.area)
                placed = soft
            case SharpenFilter():
                if frame is not None and step.edges != "transparent":
                    area = placed.area.intersect(frame.outer)
                    if area.empty:
                        return None
                    placed = windowed(placed, area)
                placed = _over(placed, _sharpened(placed, step, frame))
    return placed, fused(pending)


def _idle(step: BlurFilter | SharpenFilter) -> bool:
    nothing = isinstance(step, SharpenFilter) and round(step.amount * AMOUNT_ONE) == 0
    return nothing or len(kernels.gaussian_kernel(step.radius)) == 1


def _blurred(placed: Placed, step: BlurFilter, need: Rect, frame: Frame | None) -> Placed | None:
    """A blur, cropped to what is needed; None where nothing of it is."""
    if frame is None or step.edges == "transparent":
        return blurred(placed, step.radius, need)
    soft = _framed(placed, step, need, frame)
    return None if soft is None else covered(soft, frame)


def _framed(placed: Placed, step: BlurFilter | SharpenFilter, need: Rect, frame: Frame) -> Placed | None:
    """A blur of an image that goes on beyond its frame, in what of that is needed; None where nothing is."""
    out = frame.outer.intersect(need)
    around = out.expand(blur_reach(step.radius))
    if out.empty or frame.inner.intersect(around).empty:
        return None
    whole = extended(placed, frame, around, mirrored=step.edges == "mirror")
    return blurred(whole, step.radius, out)


def _sharpened(placed: Placed, step: SharpenFilter, frame: Frame | None) -> Sharpen:
    if frame is None or step.edges == "transparent":
        smooth = blurred(placed, step.radius, placed.area)
    else:
        smooth = _framed(placed, step, placed.area, frame)
    assert smooth is not None  # an area is within its own blur's
    amount = round_fraction(Fraction(step.amount) * AMOUNT_ONE)
    return Sharpen(placed.image, smooth.image, amount, to15(step.threshold))


def _over(placed: Placed, image: Step) -> Placed:
    return Placed(image, placed.left, placed.top)


def flattened(placed: Placed, pending: tuple[ColorOp, ...]) -> Placed:
    """Pixels with pending colour operations applied: the image composed alone over nothing."""
    image = placed.image
    if not pending and not isinstance(image, Solid):
        return placed
    return _over(placed, Compose(image.width, image.height, (0, 0, 0, 0), (Layer(image, 0, 0, pending),)))


def blurred(placed: Placed, sigma: float, need: Rect) -> Placed | None:
    """A Gaussian blur of `sigma` pixels, cropped to `need`; None where nothing of it is needed.

    A wide one blurs a picture reduced by a power of two and enlarges it again: both with the Keys kernel,
    whose second moment is zero, so that neither adds to the blur.
    """
    reduction = _reduction(sigma)
    kernel = kernels.gaussian_kernel(sigma / reduction)
    radius = len(kernel) - 1
    if reduction == 1:
        out = placed.area.expand(radius).intersect(need)
        return None if out.empty else _convolved(placed, kernel, out)
    area = placed.area
    cells = Rect(*(edge // reduction for edge in vars(area).values())).expand(2)
    cells = Rect(cells.left, cells.top, cells.right + 1, cells.bottom + 1)
    small = Placed(
        Resample(
            placed.image,
            kernels.resampling_taps(
                cells.top, cells.height, Fraction(reduction), Fraction(-area.top), area.height, None
            ),
            kernels.resampling_taps(
                cells.left, cells.width, Fraction(reduction), Fraction(-area.left), area.width, None
            ),
        ),
        cells.left,
        cells.top,
    )
    soft = _convolved(small, kernel, cells.expand(radius))
    out = Rect(*(edge * reduction for edge in vars(soft.area.expand(2)).values())).intersect(need)
    if out.empty:
        return None
    step = Fraction(1, reduction)
    return Placed(
        Resample(
            soft.image,
            kernels.resampling_taps(out.top, out.height, step, Fraction(-soft.top), soft.image.height, None),
            kernels.resampling_taps(out.left, out.width, step, Fraction(-soft.left), soft.image.width, None),
        ),
        out.left,
        out.top,
    )


def _convolved(placed: Placed, kernel: kernels.Kernel, out: Rect) -> Placed:
    left, top = out.left - placed.left, out.top - placed.top
    blur = Blur(out.width, out.height, placed.image, kernel, left, top)
    return Placed(blur, out.left, out.top)
