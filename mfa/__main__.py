"""`python -m mfa` is the command `mfa`."""

import sys

from mfa.cli import main

if __name__ == "__main__":
    sys.exit(main())
