"""Compositions as files: loaded, templates filled, the demo card."""
