"""What can be wrong with a world that reads well: a module for each kind of question."""
