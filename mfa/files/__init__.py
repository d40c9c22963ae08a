"""How a park gets in and out of files: YAML, CSV, the library, and every check with its place and remedy."""
