"""A simulated world in the real file formats, with planted clusters that the pipeline should recover."""

from hubrank.simulation.world import World, simulate

__all__ = ["World", "simulate"]
