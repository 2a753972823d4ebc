"""Photoshop's files, PSD and PSB: looked through before psd-tools reads them; and their parts."""
