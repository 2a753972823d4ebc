"""Those that are timed: ours on both backends, and the peers, each in the way its own manual recommends.

All get the same decoded layers, in the form they like best, outside of the timing. Inside of it lies all that
turns layers into one straight 8-bit RGBA picture in main memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np
import PIL
import pyvips
import skia
from numpy.typing import NDArray
from PIL import Image, ImageChops

from engines.image_core.backend import Backend
from engines.image_core.models import BlendMode
from engines.image_core.planning.planner import Plan
from tests.bench.stacks import Photo, Stack

__all__ = ["Contender", "Job", "Ours", "PillowAlphaComposite", "PillowChops", "Skia", "Vips"]

Pixels = NDArray[np.uint8]

_VIPS_VERSION = ".".join(str(pyvips.version(part)) for part in range(3))
_VIPS_MODES = {mode: "over" if mode is BlendMode.NORMAL else mode.value for mode in BlendMode}

_CHOPS: dict[BlendMode, Callable[[Image.Image, Image.Image], Image.Image]] = {
    BlendMode.NORMAL: lambda _backdrop, source: source,
    BlendMode.MULTIPLY: ImageChops.multiply,
    BlendMode.SCREEN: ImageChops.screen,
    BlendMode.OVERLAY: ImageChops.overlay,
    BlendMode.DARKEN: ImageChops.darker,
    BlendMode.LIGHTEN: ImageChops.lighter,
}


@dataclass(frozen=True)
class Job:
    """A stack made ready for one contender.

    Attributes:
        run: does the work and returns the picture in the contender's own form. This is timed.
        pixels: that picture as uint8 (height, width, 4), straight RGBA. This is not.
        stages: milliseconds by stage, where the contender tells them.
    """

    run: Callable[[], Any]
    pixels: Callable[[Any], Pixels]
    stages: Callable[[Any], dict[str, float]] = field(default=lambda _: {})


class Contender(Protocol):
    """A way to composite a stack.

    Attributes:
        name: what the table calls it.
    """

    name: str

    def prepare(self, stack: Stack) -> Job | None:
        """The stack as a job for it; None where it cannot do that work."""


class Ours:
    """This library on an open backend: upload, compose and readback."""

    def __init__(self, backend: Backend) -> None:
        self.name = f"image-core {backend.name}"
        self._backend = backend

    def prepare(self, stack: Stack) -> Job:
        """See `Contender`."""
        return self.draw(stack.plan())

    def draw(self, plan: Plan) -> Job:
        """Any plan as a job."""
        return Job(lambda: self._backend.evaluate(plan), lambda result: result[0], lambda result: result[1])


class Vips:
    """libvips' composite as it comes: premultiplied floats, a tile at a time, on all cores.

    Where a layer is translucent its blend functions get the premultiplied colour, which is another formula
    than the W3C's, so its picture differs; the work is of the same kind. See `VipsInTwoSteps`.
    """

    name = f"pyvips {_VIPS_VERSION} composite"

    def prepare(self, stack: Stack) -> Job:
        """See `Contender`."""
        layers = [_vips_image(photo) for photo in stack.photos]
        modes = [_VIPS_MODES[photo.mode] for photo in stack.photos[1:]]

        def run() -> Any:
            bottom, *above = (_vips_faded(*layer) for layer in zip(layers, stack.photos, strict=True))
            return (bottom.composite(above, modes) if above else bottom).write_to_memory()

        return Job(run, partial(_vips_pixels, stack.size))


class VipsInTwoSteps:
    """libvips' composite made to follow the W3C: blended without alpha, then put down through the alpha."""

    name = f"pyvips {_VIPS_VERSION} composite, twice a layer"

    def prepare(self, stack: Stack) -> Job | None:
        """See `Contender`. The backdrop is used twice, so it is kept in memory, not computed twice."""
        if not stack.photos[0].opaque:
            return None
        layers = [_vips_image(photo) for photo in stack.photos]

        def run() -> Any:
            canvas = layers[0]
            for layer, photo in zip(layers[1:], stack.photos[1:], strict=True):
                blended = canvas[:3].composite([layer[:3]], _VIPS_MODES[photo.mode])[:3]
                alpha = layer[3] if layer.bands == 4 else round(255 * photo.opacity)
                canvas = canvas.composite([blended.bandjoin(alpha)], "over").copy_memory()
            return canvas.write_to_memory()

        return Job(run, partial(_vips_pixels, stack.size))


def _vips_image(photo: Photo) -> Any:
    """A faded photo without its alpha, for its opacity takes that place."""
    pixels = np.ascontiguousarray(photo.pixels[..., :3]) if photo.opacity < 1 else photo.pixels
    height, width, bands = pixels.shape
    image = pyvips.Image.new_from_memory(pixels, width, height, bands, "uchar")
    return image.copy(interpretation="srgb")


def _vips_faded(image: Any, photo: Photo) -> Any:
    return image if photo.opacity == 1 else image.bandjoin(round(255 * photo.opacity))


def _vips_pixels(size: tuple[int, int], data: Any) -> Pixels:
    return np.frombuffer(data, np.uint8).reshape(size[1], size[0], 4)


class PillowChops:
    """Pillow over an opaque backdrop: ImageChops blends, paste puts it down through the layer's alpha."""

    name = f"Pillow {PIL.__version__} ImageChops + paste"

    def prepare(self, stack: Stack) -> Job | None:
        """See `Contender`."""
        if not stack.photos[0].opaque:
            return None
        photos = stack.photos
        layers = [Image.fromarray(photo.pixels).convert("RGB") for photo in photos]
        alphas = [Image.fromarray(np.ascontiguousarray(photo.pixels[..., 3])) for photo in photos]

        def run() -> Image.Image:
            canvas = layers[0].copy()
            for layer, alpha, photo in zip(layers[1:], alphas[1:], photos[1:], strict=True):
                blended = _CHOPS[photo.mode](canvas, layer)
                if photo.opacity < 1:
                    canvas = Image.blend(canvas, blended, photo.opacity)  # as paste with an even mask, faster
                else:
                    canvas.paste(blended, (0, 0), alpha)
            return canvas.convert("RGBA")

        return Job(run, np.asarray)


class PillowAlphaComposite:
    """Pillow's alpha_composite; a blend mode is mixed in by the backdrop's alpha with ImageChops first."""

    name = f"Pillow {PIL.__version__} alpha_composite"

    def prepare(self, stack: Stack) -> Job | None:
        """See `Contender`."""
        if any(photo.opacity < 1 for photo in stack.photos):
            return None
        photos = stack.photos
        layers = [Image.fromarray(photo.pixels) for photo in photos]
        alphas = [layer.getchannel("A") for layer in layers]

        def run() -> Image.Image:
            canvas = layers[0].copy()
            for layer, alpha, photo in zip(layers[1:], alphas[1:], photos[1:], strict=True):
                if photo.mode is not BlendMode.NORMAL:
                    blended = _CHOPS[photo.mode](canvas, layer)
                    layer = Image.composite(blended, layer, canvas.getchannel("A"))
                    layer.putalpha(alpha)
                canvas.alpha_composite(layer)
            return canvas

        return Job(run, np.asarray)


class Skia:
    """Skia's raster surface: premultiplied 8 bits, on one thread.

    Its images are premultiplied beforehand, as its decoders make them: given straight ones it premultiplies
    them while drawing, and is five times slower.
    """

    name = f"skia-python {skia.__version__} raster"

    def prepare(self, stack: Stack) -> Job:
        """See `Contender`."""
        images = [_skia_image(photo) for photo in stack.photos]
        paints = [
            skia.Paint(BlendMode=_skia_mode(photo.mode), Alphaf=photo.opacity) for photo in stack.photos
        ]
        width, height = stack.size
        straight = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)

        def run() -> Pixels:
            surface = skia.Surface(width, height)
            with surface as canvas:
                for image, paint in zip(images, paints, strict=True):
                    canvas.drawImage(image, 0, 0, skia.SamplingOptions(), paint)
            out = np.empty((height, width, 4), np.uint8)
            surface.readPixels(straight, out, 4 * width)
            return out

        return Job(run, lambda pixels: pixels)


def _skia_mode(mode: BlendMode) -> Any:
    name = "SrcOver" if mode is BlendMode.NORMAL else mode.value.title()
    return getattr(skia.BlendMode, f"k{name}")


def _skia_image(photo: Photo) -> Any:
    """In its native form: premultiplied BGRA."""
    alpha = photo.pixels[..., 3:].astype(np.uint16)
    premultiplied = photo.pixels.astype(np.uint16) * alpha + 127
    premultiplied //= 255
    bgra = np.dstack([premultiplied[..., 2::-1], alpha]).astype(np.uint8)
    kind = skia.kOpaque_AlphaType if photo.opaque else skia.kPremul_AlphaType
    return skia.Image.fromarray(bgra, skia.kBGRA_8888_ColorType, kind)
