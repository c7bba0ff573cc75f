"""The theatre: narrator, loop, runs, and the ways to watch and keep them."""
