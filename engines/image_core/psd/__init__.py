"""Layered files of image editors: Photoshop's and OpenRaster."""
