"""The only arithmetic: rounding, fixed point, exact geometry, curves and kernels."""
