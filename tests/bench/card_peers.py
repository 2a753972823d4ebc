"""The social card as programs of Pillow, pyvips and Skia, each written as its own manual has it.

Each opens the files, draws and encodes: a PNG with its library's defaults, a WEBP at our quality and method.
`background` is all that lies below the headline, which a careful program may keep from card to card. `png`
and `webp` add the headline and encode.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyvips
import skia
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from tests.bench.card_ours import BLUR, BOX, CORNER, FADE, FONT, HEIGHT, LOGO, SHADOW, TEXT, WIDTH

__all__ = ["PROGRAMS", "WEBP_QUALITY", "Program"]

WEBP_QUALITY = 80


@dataclass(frozen=True)
class Program:
    """A peer's way to draw the card.

    Attributes:
        background: from the folder of the files, all but the headline.
        png, webp: from that and the headline, a file.
    """

    name: str
    background: Callable[[Path], Any]
    png: Callable[[Any, str], bytes]
    webp: Callable[[Any, str], bytes] | None


def _pillow_background(folder: Path) -> Image.Image:
    left, top, side = BOX
    x, y, width, height = SHADOW
    with Image.open(folder / "photo.jpg") as photo:
        card = ImageOps.fit(photo, (WIDTH, HEIGHT), Image.Resampling.BICUBIC).convert("RGBA")
    ramp = Image.linear_gradient("L").rotate(90).resize((WIDTH, HEIGHT))
    start, end = (Image.new("RGBA", card.size, color) for color in FADE)
    card.alpha_composite(Image.composite(end, start, ramp))
    shadow = Image.new("RGBA", card.size, (0, 0, 0, 0))
    ImageDraw.Draw(shadow).rounded_rectangle((x, y, x + width, y + height), CORNER, fill=(0, 0, 0, 0xB0))
    card.alpha_composite(shadow.filter(ImageFilter.GaussianBlur(BLUR)))
    with Image.open(folder / "portrait.png") as portrait:
        picture = ImageOps.fit(portrait, (side, side), Image.Resampling.BICUBIC)
    circle = Image.new("L", (4 * side, 4 * side))
    ImageDraw.Draw(circle).ellipse((0, 0, 4 * side - 1, 4 * side - 1), fill=255)
    card.paste(picture, (left, top), circle.resize((side, side), Image.Resampling.BOX))
    with Image.open(folder / "logo.png") as logo:
        card.alpha_composite(logo.resize((LOGO[2], LOGO[2]), Image.Resampling.BICUBIC), LOGO[:2])
    return card


def _pillow_with_headline(background: Image.Image, headline: str) -> Image.Image:
    card = background.copy()
    ImageDraw.Draw(card).multiline_text(TEXT[:2], headline, font=ImageFont.truetype(FONT, TEXT[2]))
    return card.convert("RGB")


def _pillow_png(background: Image.Image, headline: str) -> bytes:
    return _saved(_pillow_with_headline(background, headline), "PNG")


def _pillow_fast_png(background: Image.Image, headline: str) -> bytes:
    return _saved(_pillow_with_headline(background, headline), "PNG", compress_level=1)


def _pillow_webp(background: Image.Image, headline: str) -> bytes:
    return _saved(_pillow_with_headline(background, headline), "WEBP", quality=WEBP_QUALITY, method=4)


def _saved(image: Image.Image, format: str, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _vips_svg(body: str) -> Any:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{body}</svg>'
    return pyvips.Image.svgload_buffer(svg.encode())


def _vips_background(folder: Path) -> Any:
    left, top, side = BOX
    x, y, width, height = SHADOW
    card = pyvips.Image.thumbnail(str(folder / "photo.jpg"), WIDTH, height=HEIGHT, crop="centre")
    stops = "".join(
        f'<stop offset="{at}" stop-color="rgb{color[:3]}" stop-opacity="{color[3] / 255}"/>'
        for at, color in enumerate(FADE)
    )
    fade = _vips_svg(
        f'<linearGradient id="g">{stops}</linearGradient><rect width="100%" height="100%" fill="url(#g)"/>'
    )
    rounded = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{CORNER}" fill-opacity="{0xB0 / 255}"/>'
    )
    shadow = _vips_svg(rounded).gaussblur(BLUR)
    picture = pyvips.Image.thumbnail(str(folder / "portrait.png"), side, height=side, crop="centre")
    circle = _vips_svg(f'<circle cx="{side / 2}" cy="{side / 2}" r="{side / 2}"/>').crop(0, 0, side, side)
    masked = picture.bandjoin(circle[3]).copy(interpretation="srgb")
    logo = pyvips.Image.thumbnail(str(folder / "logo.png"), LOGO[2])
    places = {"x": [0, 0, left, LOGO[0]], "y": [0, 0, top, LOGO[1]]}
    return card.composite([fade, shadow, masked, logo], ["over"] * 4, **places)


def _vips_with_headline(background: Any, headline: str) -> Any:
    coverage = pyvips.Image.text(headline, font=f"Source Sans Pro Bold {TEXT[2]}", fontfile=FONT, dpi=72)
    white = coverage.new_from_image([255, 255, 255]).copy(interpretation="srgb").bandjoin(coverage)
    card = background.composite2(white, "over", x=TEXT[0], y=TEXT[1] + 16)
    return card.extract_band(0, n=3).cast("uchar")


def _vips_png(background: Any, headline: str) -> bytes:
    file: bytes = _vips_with_headline(background, headline).pngsave_buffer()
    return file


def _vips_webp(background: Any, headline: str) -> bytes:
    file: bytes = _vips_with_headline(background, headline).webpsave_buffer(Q=WEBP_QUALITY, effort=4)
    return file


def _skia_background(folder: Path) -> Any:
    left, top, side = BOX
    x, y, width, height = SHADOW
    surface = skia.Surface(WIDTH, HEIGHT)
    photo = skia.Image.open(str(folder / "photo.jpg"))
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    with surface as canvas:
        shown = photo.width() * HEIGHT / WIDTH
        crop = skia.Rect.MakeXYWH(0, (photo.height() - shown) / 2, photo.width(), shown)
        canvas.drawImageRect(photo, crop, skia.Rect(WIDTH, HEIGHT), smooth)
        colors = [skia.Color(*color) for color in FADE]
        shader = skia.GradientShader.MakeLinear([(0, 0), (WIDTH, 0)], colors)
        canvas.drawPaint(skia.Paint(Shader=shader))
        dark = skia.Paint(
            Color=skia.Color(0, 0, 0, 0xB0),
            AntiAlias=True,
            MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, BLUR),
        )
        canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y, width, height), CORNER, CORNER, dark)
        place = skia.Rect.MakeXYWH(left, top, side, side)
        canvas.save()
        canvas.clipPath(
            skia.Path.Oval(place) if hasattr(skia.Path, "Oval") else skia.Path().addOval(place),
            doAntiAlias=True,
        )
        canvas.drawImageRect(skia.Image.open(str(folder / "portrait.png")), place, smooth)
        canvas.restore()
        spot = skia.Rect.MakeXYWH(*LOGO[:2], LOGO[2], LOGO[2])
        canvas.drawImageRect(skia.Image.open(str(folder / "logo.png")), spot, smooth)
    return surface.makeImageSnapshot()


def _skia_with_headline(background: Any, headline: str) -> Any:
    surface = skia.Surface(WIDTH, HEIGHT)
    font = skia.Font(skia.Typeface.MakeFromFile(FONT), TEXT[2])
    with surface as canvas:
        canvas.drawImage(background, 0, 0)
        for number, line in enumerate(headline.split("\n")):
            baseline = TEXT[1] + TEXT[2] * (1 + 1.25 * number)
            canvas.drawString(
                line, TEXT[0], baseline, font, skia.Paint(Color=skia.ColorWHITE, AntiAlias=True)
            )
    return surface.makeImageSnapshot()


def _skia_png(background: Any, headline: str) -> bytes:
    image = _skia_with_headline(background, headline)
    return bytes(image.encodeToData(skia.EncodedImageFormat.kPNG, 100))


def _skia_webp(background: Any, headline: str) -> bytes:
    image = _skia_with_headline(background, headline)
    return bytes(image.encodeToData(skia.EncodedImageFormat.kWEBP, WEBP_QUALITY))


PROGRAMS = (
    Program("Pillow", _pillow_background, _pillow_png, _pillow_webp),
    Program("Pillow, compress_level=1", _pillow_background, _pillow_fast_png, None),
    Program("pyvips", _vips_background, _vips_png, _vips_webp),
    Program("skia-python", _skia_background, _skia_png, _skia_webp),
)
