"""The GL backend: compute shaders in a headless EGL context. Only this package imports moderngl.

Plan -> evaluate.py walks the tree, children first
          Raster    -> textures.py uploads (integer texture, 8-bit, a pixel a uint)
          Resample, Warp, Blur, Smooth, Sharpen -> spatial.py, one or two dispatches each
          Compose   -> compose.py, one fused dispatch for up to six images
     -> textures.py reads the canvas back, readback.py while the next plan is begun
device.py owns the context and its thread; programs.py compiles and caches shaders/
"""

from engines.image_core.gl.device import Device, open_device
from engines.image_core.gl.evaluate import Drawn, begin, evaluate
from engines.image_core.gl.session import Session

__all__ = ["Device", "Drawn", "Session", "begin", "evaluate", "open_device"]
