"""Simulated studies with known truth: for tests, teaching and planning."""

from foresay.simulation.generation import Simulated, simulate
from foresay.simulation.truth import true_values
from foresay.simulation.world import World

__all__ = ["Simulated", "World", "simulate", "true_values"]
