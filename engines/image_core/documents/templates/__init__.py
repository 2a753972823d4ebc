"""Templates: compositions as JSON with variables, conditions, repeated layers, formatters and variants."""

from engines.image_core.documents.templates.template import RowTemplate, Template, is_template
from engines.image_core.documents.templates.variables import Values, shortened
from engines.image_core.documents.templates.variants import variant_output

__all__ = ["RowTemplate", "Template", "Values", "is_template", "shortened", "variant_output"]
