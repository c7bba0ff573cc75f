"""Critics: read trajectories and say how well characters were played, with evidence."""
