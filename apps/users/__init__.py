"""People, their tokens and the way in."""
