"""The bill of materials (CycloneDX 1.6) of what runs here, made of what is locked: `make sbom`.

It says nothing of the hour or the machine it was made on, so the same lock is the same file.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
LOCKED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)(?: ; ([^\\]+?))?(?= \\$)", re.MULTILINE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def components(lock: str) -> list[dict[str, Any]]:
    """Each library with its version, and the hash of every file of it that may be installed."""
    found = list(LOCKED.finditer(lock))
    ends = [match.start() for match in found[1:]] + [len(lock)]
    return [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{match[1]}@{match[2]}",
            "name": match[1],
            "version": match[2],
            "purl": f"pkg:pypi/{match[1]}@{match[2]}",
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"https://pypi.org/project/{match[1]}/{match[2]}/",
                    "hashes": [
                        {"alg": "SHA-256", "content": each}
                        for each in re.findall(r"sha256:([0-9a-f]{64})", lock[match.end() : end])
                    ],
                }
            ],
        }
        | ({"properties": [{"name": "marker", "value": match[3]}]} if match[3] else {})
        for match, end in zip(found, ends, strict=True)
    ]


def bill(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    parts = components(lock)
    asked = {canonical(re.split(r"[^\w.-]", each)[0]) for each in project["dependencies"]}
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": parts,
        "dependencies": [
            {"ref": ours, "dependsOn": [p["bom-ref"] for p in parts if p["name"] in asked]}
        ],
    }


def written() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return json.dumps(bill(LOCK.read_text(), project), indent=1) + "\n"


if __name__ == "__main__":
    print(written(), end="")
