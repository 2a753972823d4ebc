"""Text, shaped, laid out and drawn."""
