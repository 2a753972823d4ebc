"""The GL backend: compute shaders in a headless EGL context. Only this package imports moderngl.

Plan -> evaluate.py, by planning/evaluation.py: each step once, inputs first
          Raster, MaskRaster -> textures.py uploads (integer textures, 8-bit)
          Resample, Warp, Remap, Blur, Smooth, Sharpen, Map -> spatial.py, one or two dispatches each
          Compose -> compose.py, a fused dispatch for a run of its program: writing.py writes a shader for its
                     shape, general.py writes it as numbers for the general shader
     -> textures.py reads the canvas back, readback.py while the next plan is begun
device.py owns the context and its thread; programs.py compiles and caches shaders/
"""

from engines.image_core.gl.device import Device, open_device
from engines.image_core.gl.evaluate import Drawn, begin, evaluate, warm
from engines.image_core.gl.session import Choice, Session

__all__ = ["Choice", "Device", "Drawn", "Session", "begin", "evaluate", "open_device", "warm"]
