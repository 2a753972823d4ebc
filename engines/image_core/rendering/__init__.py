"""The renderer: a composition in, pixels out, one or many."""
