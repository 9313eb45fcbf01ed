"""`python -m foresay`: the command `foresay`."""

from __future__ import annotations

from foresay.cli import main

if __name__ == "__main__":
    main()
