"""Steps of a command are said, and are where a Ctrl-C that was lost is heard."""

from __future__ import annotations

import pytest

from foresay.cli.progress import INTERRUPTED, steps


@pytest.fixture(autouse=True)
def forgotten():
    yield
    INTERRUPTED.clear()


@pytest.mark.parametrize("quiet", [True, False])
def test_a_lost_ctrl_c_ends_the_command_at_the_next_step(quiet, capsys):
    with steps(quiet=quiet) as progress:
        progress("one")
        INTERRUPTED.set()
        with pytest.raises(KeyboardInterrupt):
            progress("two")
    assert capsys.readouterr().err == ("" if quiet else "foresay: one\n")
