"""A process that is begun early waits until it is let go on."""

import sys
from functools import partial
from unittest import mock

import pytest

from ladder.ops import maintenance
from ladder.ops.maintenance import Unfit, found_fit, take_for_fit
from ladder.ops.supervisor import FORKING, Gate

PATIENCE = 20


def passing(gate):
    """Begin a process that ends with 7 once it heard the word."""
    process = FORKING.Process(target=partial(_pass, gate), daemon=True)
    process.start()
    return process


def _pass(gate):
    sys.exit(7 if gate.pass_through() == b"word" else 8)


def test_a_process_waits_at_the_gate_and_later_ones_pass_at_once():
    gate = Gate()
    early = passing(gate)
    early.join(0.3)
    waited = early.is_alive()

    gate.open(b"word")

    late = [passing(gate) for _number in range(2)]
    for process in (early, *late):
        process.join(PATIENCE)
    assert waited
    assert [process.exitcode for process in (early, *late)] == [7, 7, 7]


def test_nobody_waits_for_one_that_is_gone():
    gate = Gate()
    early = passing(gate)
    gate.outside.close()

    early.join(PATIENCE)

    assert early.exitcode == 1


@pytest.mark.django_db
def test_another_process_may_know_a_database_for_fit(monkeypatch):
    monkeypatch.setattr(maintenance, "_fit", {})
    found = found_fit()
    monkeypatch.setattr(maintenance, "_fit", {})
    monkeypatch.setattr(maintenance, "unfit", looked := mock.Mock(return_value="It is not."))

    take_for_fit({alias: list(fingerprint) for alias, fingerprint in found.items()})  # as JSON has it
    with maintenance.sharing():
        pass
    assert looked.call_count == 0

    take_for_fit({alias: [-1, -1] for alias in found})
    with pytest.raises(Unfit), maintenance.sharing():
        pass
    assert looked.call_count == 1


def test_a_database_that_is_not_fit_is_told_of_to_nobody(monkeypatch):
    monkeypatch.setattr(maintenance, "_fit", {})
    monkeypatch.setattr(maintenance, "sharing", mock.Mock(side_effect=Unfit("newer")))

    assert found_fit() == {}
