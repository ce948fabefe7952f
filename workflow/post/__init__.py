"""The mail office: letters sent, held, cancelled and paused, those that came back, and whom to ring about them."""
