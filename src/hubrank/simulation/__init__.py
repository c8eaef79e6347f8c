"""A simulated world in the real file formats, with planted clusters: what the pipeline should find is known."""

from hubrank.simulation.world import World, simulate

__all__ = ["World", "simulate"]
