"""The built-in minds: people simulated with drives, goals, feelings, beliefs, relations and a speech grammar."""

from characters.improv.mind import ImprovMind

__all__ = ["ImprovMind"]
