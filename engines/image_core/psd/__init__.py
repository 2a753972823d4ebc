"""Photoshop files as compositions, and compositions as Photoshop files."""
