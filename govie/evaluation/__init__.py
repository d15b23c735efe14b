"""How well an extractor does on annotated reports, and which reports would teach it most.

``records`` is what an evaluation finds; ``scoring`` compares one report with its gold; ``running`` goes through the
reports; ``statistics`` sums up; ``pages``, ``plots`` and ``markdown`` show the one record; ``suggesting`` and
``selecting`` prepare the next round of annotation; ``cli`` has the commands.
"""
