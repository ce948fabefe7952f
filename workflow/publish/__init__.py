"""What leaves the house: the history as a bundle, the calendar for calendars elsewhere. Writes no row."""
