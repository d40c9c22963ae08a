"""Sankey diagrams: one layout, drawn as SVG and by matplotlib."""
