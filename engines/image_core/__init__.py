"""Layer compositing with the same bytes on every device and on the CPU."""
