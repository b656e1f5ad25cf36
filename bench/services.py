"""The services of `deploy/`, for who starts them without systemd."""

import shlex
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"


def unit(name: str, number: int = 1) -> list[str]:
    """The command that this service file starts, with the programs that are here."""
    text = (DEPLOY / name).read_text().replace("%i", str(number))
    program, *words = shlex.split(text.partition("ExecStart=")[2].partition("\n")[0])
    return [str(Path(sys.executable).parent / Path(program).name), *words]
