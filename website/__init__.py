"""The documentation as a website and as man pages: `python -m website`, or `./try docs`.

The sources are the documents of the repository, which are plain Markdown and can be read where they
are. `tree` lays them out for Sphinx, in the order of `sections`; `generated` writes what the code
knows by itself; `build` runs Sphinx over it.
"""
