"""A whole invented season: submissions as recommending units send them, and the sheets organisers fill."""
