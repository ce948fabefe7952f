"""The law of the campaign: which state follows which, when, and by what clause of the notice. Pure."""
