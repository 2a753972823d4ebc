"""Layered files of image editors: Photoshop's as compositions and back, and OpenRaster."""
