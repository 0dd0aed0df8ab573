"""The units of systemd: what they run, what they may write, and that systemd reads them."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import unavailable

ROOT = Path(__file__).parents[2]
UNITS = {"ladder-web": "start --no-worker", "ladder-worker": "work"}
CLOSED = {
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "ladder",
    "UMask": "0077",
    "User": "ladder",
}


def text_of(name):
    return (ROOT / "deploy" / f"{name}.service").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_of_ours_and_writes_its_data_alone(name):
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str
    unit.read_string(text_of(name))
    service = dict(unit["Service"])

    assert service["ExecStart"] == f"/opt/ladder/bin/ladder {UNITS[name]}"
    assert CLOSED.items() <= service.items()
    assert f"LADDER_DATA=/var/lib/{service['StateDirectory']} " in service["Environment"]
    assert service["EnvironmentFile"] in (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert "KEY" not in service["Environment"]


def test_systemd_finds_no_fault_in_them(tmp_path):
    if not shutil.which("systemd-analyze"):
        unavailable("systemd-analyze, which reads the units, comes with systemd: apt-get install systemd")
    for name in UNITS:
        there = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text_of(name))
        (tmp_path / f"{name}.service").write_text(there)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / f"{name}.service" for name in UNITS)],
        capture_output=True, text=True,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
