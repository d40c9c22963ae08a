"""The arithmetic of one step: what lines take and make, what firms ask and sources give, and the state at rest.

The simulation, the optimiser and validation all read a park through these arrays, so that a quantity has one meaning.
"""
