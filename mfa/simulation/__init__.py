"""What happens: SimPy keeps the time, arrays carry the mass (design §6)."""

from mfa.simulation.clock import simulate

__all__ = ["simulate"]
