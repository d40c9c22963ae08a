"""What happens: SimPy keeps the time, arrays carry the mass (design §6)."""

from mfa.simulation.simulate import simulate

__all__ = ["simulate"]
