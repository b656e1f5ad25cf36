"""The bill of materials is the lock, in another form."""

import json
import re

from tests import sbom


def test_every_locked_library_is_on_the_bill_with_its_hashes() -> None:
    lock = sbom.LOCK.read_text()
    bill = json.loads(sbom.written())
    said = {(part["name"], part["version"]) for part in bill["components"]}
    assert said == set(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock, re.MULTILINE))
    hashes = [
        each["content"]
        for part in bill["components"]
        for reference in part["externalReferences"]
        for each in reference["hashes"]
    ]
    assert hashes == re.findall("sha256:([0-9a-f]+)", lock)
    assert all(part["externalReferences"][0]["hashes"] for part in bill["components"])


def test_what_we_ask_for_ourselves_is_told_from_what_that_brings() -> None:
    bill = json.loads(sbom.written())
    direct = bill["dependencies"][0]["dependsOn"]
    assert any(each.startswith("pkg:pypi/django@5.2") for each in direct)
    assert len(direct) == len(set(direct)) < len(bill["components"])
    assert set(direct) <= {part["bom-ref"] for part in bill["components"]}


def test_a_library_for_some_machines_says_for_which() -> None:
    lock = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64
    (part,) = sbom.components(lock)
    assert part["properties"] == [{"name": "marker", "value": "sys_platform == 'win32'"}]
