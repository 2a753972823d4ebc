"""`image-core doctor` with real processes: drivers that are well, crash, hang and draw wrongly."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engines.image_core.cli.main import app
from engines.image_core.conformance import doctor, fingerprint


@pytest.mark.usefixtures("gl_renderer")
def test_all_devices_agree_and_the_status_is_zero() -> None:
    """NumPy and at least one OpenGL device, all quick cases."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["well"] is True
    assert report["fingerprint"] == fingerprint()
    numpy, *devices = report["devices"]
    assert numpy["name"].startswith("NumPy ")
    assert devices[0]["limits"]["texture"] >= 2048
    assert [device["cases"] for device in report["devices"] if device["usable"]] == [numpy["cases"]] * (
        1 + sum(device["usable"] for device in devices)
    )
    assert [device["mismatches"] for device in report["devices"]] == [[]] * len(report["devices"])


def test_the_table_has_a_line_a_device_and_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For people, on standard output."""
    _stand_in(monkeypatch, tmp_path, _NUMPY + "say(done=True)")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "mismatches" in result.stdout
    assert result.stdout.count("X ") == 2
    assert f"all agree with the fingerprint {fingerprint()}" in result.stdout


def test_a_case_is_printed_as_a_composition_that_renders(tmp_path: Path) -> None:
    """`doctor --case NAME` feeds `render`; an unknown name is an error."""
    printed = CliRunner().invoke(app, ["doctor", "--case", "groups/of-nine"])
    (tmp_path / "case.json").write_text(printed.stdout)
    rendered = CliRunner().invoke(app, ["render", str(tmp_path / "case.json"), "-o", str(tmp_path / "a.png")])
    assert rendered.exit_code == 0
    unknown = CliRunner().invoke(app, ["doctor", "--case", "groups/of-ten"])
    assert unknown.exit_code == 2
    assert "case 'groups/of-ten'" in unknown.stderr


def _stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Let this script take the place of the process that examines a device."""
    program = tmp_path / "probe"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, signal, sys, time\ndevice = sys.argv[3]\n{script}"
    )
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))


_NUMPY = """
def say(**line): print(json.dumps(line), flush=True)
limits = {"name": "X", "driver": "", "opengl": "", "software": True, "limits": {}}
if device == "1": say(absent="requested device index 1"); sys.exit()
say(device=limits); say(case="a/b")
if device == "numpy": say(done=True); sys.exit()
"""


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "its process was ended by SIGSEGV while drawing a/b"),
        ("sys.exit(3)", "its process ended with status 3 while drawing a/b"),
        ("print('half a li', end='')", "its process ended with status 0 while drawing a/b"),
        ("time.sleep(60)", "it was still busy after 1 seconds while drawing a/b"),
    ],
)
def test_a_driver_that_crashes_or_hangs_is_a_line_and_the_status_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, fault: str
) -> None:
    """The examination goes on with what is left, and says what was being drawn."""
    _stand_in(monkeypatch, tmp_path, _NUMPY + script)
    monkeypatch.setitem(doctor._SECONDS, "quick", 1)
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 1
    numpy, device = json.loads(result.stdout)["devices"]
    assert (numpy["fault"], device["fault"]) == ("", fault)


def test_a_mismatch_is_told_with_its_case_and_how_to_draw_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the table's text and, with the composition, in JSON."""
    wrong = "say(mismatch={'case': 'a/b', 'how': '1 of 9 pixels differ', 'composition': {}}); say(done=True)"
    _stand_in(monkeypatch, tmp_path, _NUMPY + wrong)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "X: a/b is wrong: 1 of 9 pixels differ" in result.stdout
    assert "image-core doctor --case a/b" in result.stdout
    assert "NOT all agree" in result.stdout


def test_a_device_that_cannot_be_opened_is_told_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing draws with it."""
    script = "if device == '0': say(unusable='OpenGL 4.3 is required'); sys.exit()"
    _stand_in(monkeypatch, tmp_path, _NUMPY.replace("say(device=limits)", script + "\nsay(device=limits)"))
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "EGL device 0: cannot be used: OpenGL 4.3 is required" in result.stdout
