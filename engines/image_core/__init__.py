"""Layer compositing with the same bytes on every device and on the CPU."""

from engines.image_core.composition.shapes import Selection
from engines.image_core.errors import (
    BackendUnavailableError,
    CompositionError,
    DeviceError,
    ExportError,
    ImageCoreError,
    SourceError,
)
from engines.image_core.export import AvifOptions, JpegOptions, PngOptions, WebpOptions
from engines.image_core.models import BlendMode, ImageComposition
from engines.image_core.psd.layers import PsdLayer
from engines.image_core.psd.openraster import write_openraster
from engines.image_core.psd.template import PsdTemplate
from engines.image_core.psd.writing.document import write_psd
from engines.image_core.psd.writing.notes import LayeredFile
from engines.image_core.rendering.rendered import RenderedImage
from engines.image_core.rendering.renderer import Renderer
from engines.image_core.runtime.limits import RenderLimits
from engines.image_core.service import ImageCoreService
from engines.image_core.sources.text.measuring import LineMeasure, RunMeasure, TextMeasure

__all__ = [
    "AvifOptions",
    "BackendUnavailableError",
    "BlendMode",
    "CompositionError",
    "DeviceError",
    "ExportError",
    "ImageComposition",
    "ImageCoreError",
    "ImageCoreService",
    "JpegOptions",
    "LayeredFile",
    "LineMeasure",
    "PngOptions",
    "PsdLayer",
    "PsdTemplate",
    "RenderLimits",
    "RenderedImage",
    "Renderer",
    "RunMeasure",
    "Selection",
    "SourceError",
    "TextMeasure",
    "WebpOptions",
    "write_openraster",
    "write_psd",
]
