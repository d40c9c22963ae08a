"""Material flows of industrial parks: simulate what happens, suggest links, simulate again and judge."""

__version__ = "0.1.0"
