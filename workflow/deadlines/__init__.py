"""From the rule book's deadlines to what they do: each fires once, as of the moment it fell due."""
