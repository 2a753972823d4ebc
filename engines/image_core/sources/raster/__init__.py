"""Pictures and masks, decoded."""
