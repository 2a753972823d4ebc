"""What a composition is written in: fields, shapes, blend modes, adjustments, filters."""
