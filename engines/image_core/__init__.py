"""Layer compositing with the same bytes on every device and on the CPU."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engines.image_core.building import (
    Adjustment,
    Barcode,
    Composition,
    Fill,
    Group,
    Picture,
    QrCode,
    Shape,
    Svg,
    Text,
)
from engines.image_core.composition.adjustments import Adjustments
from engines.image_core.composition.boxes import Border
from engines.image_core.composition.effects import (
    BackdropBlur,
    Bevel,
    BevelHighlight,
    BevelShadow,
    ColorOverlay,
    DropShadow,
    GradientOverlay,
    InnerGlow,
    InnerShadow,
    OuterGlow,
    PatternOverlay,
    Satin,
    Shadow,
)
from engines.image_core.composition.fills import (
    ColorStop,
    GradientFill,
    OpacityStop,
    PatternFill,
    PictureSource,
)
from engines.image_core.composition.filters import BlurFilter, SharpenFilter
from engines.image_core.composition.shapes import (
    BrushStroke,
    EllipseShape,
    GradientStop,
    LinearGradient,
    LineShape,
    PathShape,
    PolygonShape,
    RadialGradient,
    RectShape,
    Selection,
    Stroke,
)
from engines.image_core.composition.strokes import StrokeEffect
from engines.image_core.composition.text_paths import TextArc, TextPath
from engines.image_core.composition.tints import (
    BlackAndWhite,
    ChannelMixer,
    ColorBalance,
    ColorLookup,
    HueSaturation,
    PhotoFilter,
    SelectiveColor,
    Vibrance,
)
from engines.image_core.composition.tones import (
    BrightnessContrast,
    Curves,
    Exposure,
    GradientMap,
    Invert,
    Levels,
    Posterize,
    Threshold,
)
from engines.image_core.composition.type import RunBackground, TextBackground, TextRun
from engines.image_core.composition.warps import CornersWarp, MeshWarp
from engines.image_core.errors import (
    BackendUnavailableError,
    CompositionError,
    DeviceError,
    ExportError,
    ImageCoreError,
    SourceError,
)
from engines.image_core.export import AvifOptions, JpegOptions, PngOptions, WebpOptions
from engines.image_core.models import (
    AdjustmentLayer,
    BlendIf,
    BlendMode,
    BlendRange,
    FontSource,
    GroupLayer,
    ImageComposition,
    Mask,
    ProfileSource,
    RasterLayer,
    RasterSource,
    TextLayer,
    Transform,
    VectorLayer,
)
from engines.image_core.psd.writing.notes import LayeredFile
from engines.image_core.rendering.rendered import RenderedImage
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.service import ImageCoreService
from engines.image_core.sources.text.measuring import LineMeasure, RunMeasure, TextMeasure

if TYPE_CHECKING:
    from engines.image_core.psd.layers import PsdLayer
    from engines.image_core.psd.openraster import write_openraster
    from engines.image_core.psd.template import PsdTemplate
    from engines.image_core.psd.writing.document import write_psd

__all__ = [
    "Adjustment",
    "AdjustmentLayer",
    "Adjustments",
    "AvifOptions",
    "BackdropBlur",
    "BackendUnavailableError",
    "Barcode",
    "Bevel",
    "BevelHighlight",
    "BevelShadow",
    "BlackAndWhite",
    "BlendIf",
    "BlendMode",
    "BlendRange",
    "BlurFilter",
    "Border",
    "BrightnessContrast",
    "BrushStroke",
    "ChannelMixer",
    "ColorBalance",
    "ColorLookup",
    "ColorOverlay",
    "ColorStop",
    "Composition",
    "CompositionError",
    "CornersWarp",
    "Curves",
    "DeviceError",
    "DropShadow",
    "EllipseShape",
    "ExportError",
    "Exposure",
    "Fill",
    "FontSource",
    "GradientFill",
    "GradientMap",
    "GradientOverlay",
    "GradientStop",
    "Group",
    "GroupLayer",
    "HueSaturation",
    "ImageComposition",
    "ImageCoreError",
    "ImageCoreService",
    "InnerGlow",
    "InnerShadow",
    "Invert",
    "JpegOptions",
    "LayeredFile",
    "Levels",
    "LineMeasure",
    "LineShape",
    "LinearGradient",
    "Mask",
    "MeshWarp",
    "OpacityStop",
    "OuterGlow",
    "PathShape",
    "PatternFill",
    "PatternOverlay",
    "PhotoFilter",
    "Picture",
    "PictureSource",
    "PngOptions",
    "PolygonShape",
    "Posterize",
    "ProfileSource",
    "PsdLayer",
    "PsdTemplate",
    "QrCode",
    "RadialGradient",
    "RasterLayer",
    "RasterSource",
    "RectShape",
    "RenderLimits",
    "RenderedImage",
    "Renderer",
    "RunBackground",
    "RunMeasure",
    "Satin",
    "Selection",
    "SelectiveColor",
    "Shadow",
    "Shape",
    "SharpenFilter",
    "SourceError",
    "Stroke",
    "StrokeEffect",
    "Svg",
    "Text",
    "TextArc",
    "TextBackground",
    "TextLayer",
    "TextMeasure",
    "TextPath",
    "TextRun",
    "Threshold",
    "Transform",
    "VectorLayer",
    "Vibrance",
    "WebpOptions",
    "write_openraster",
    "write_psd",
]

_LAZY = {
    "PsdLayer": "psd.layers",
    "PsdTemplate": "psd.template",
    "write_openraster": "psd.openraster",
    "write_psd": "psd.writing.document",
}
"""What needs psd-tools, which takes long to import, and its module."""


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
