"""Character cards of other programs: read, made into profiles, written back with nothing lost.

`read_file` gives the raw tree in a file, `import_card` makes a character of it, `write_card` writes one.
"""
