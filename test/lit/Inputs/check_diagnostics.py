"""check_diagnostics.py JSON SARIF SOURCE: both forms of the diagnostics of test/lit/diagnostics/formats.c0 say the same, and the
second has the structure that SARIF 2.1.0 (OASIS, sections 3.13 to 3.55) demands of what it contains."""

import json
import sys


def text(node):
    assert isinstance(node["text"], str) and node["text"], node


def region(node):
    assert set(node) == {"startLine", "startColumn", "endLine", "endColumn"}, node
    assert all(isinstance(value, int) and value >= 1 for value in node.values()), node
    assert (node["startLine"], node["startColumn"]) <= (node["endLine"], node["endColumn"]), node
    return node["startLine"], node["startColumn"], node["endLine"], node["endColumn"]


def location(node):
    assert set(node) <= {"physicalLocation", "annotations", "message"}, node
    assert isinstance(node["physicalLocation"]["artifactLocation"]["uri"], str)
    for annotation in node.get("annotations", []):
        region(annotation)
    return region(node["physicalLocation"]["region"])


def fix(node):
    text(node["description"])
    assert node["artifactChanges"], node
    for change in node["artifactChanges"]:
        assert isinstance(change["artifactLocation"]["uri"], str) and change["replacements"], change
        for each in change["replacements"]:
            assert isinstance(each["insertedContent"]["text"], str), each
            yield region(each["deletedRegion"]), each["insertedContent"]["text"]


def sarif(log):
    assert log["version"] == "2.1.0" and "sarif" in log["$schema"] and len(log["runs"]) == 1
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] == "c0c"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids)), ids
    for result in run["results"]:
        assert set(result) <= {"ruleId", "level", "message", "locations", "relatedLocations", "fixes"}, result
        assert result["ruleId"] in ids and result["level"] in ("error", "warning", "note"), result
        text(result["message"])
        for related in result.get("relatedLocations", []):
            text(related["message"])
            location(related)
        fixes = [list(fix(each)) for each in result.get("fixes", [])]
        yield result["ruleId"], result["level"], [location(each) for each in result["locations"]], fixes


def place(node):
    return node["line"], node["column"]


def fixes(diagnostic):
    for each in [diagnostic, *diagnostic.get("notes", [])]:
        if "fixits" in each:
            yield [((*place(f["begin"]), *place(f["end"])), f["text"]) for f in each["fixits"]]


def main():
    plain, log, source = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), open(sys.argv[3]).read().split("\n")
    first = source.index("  if (a = 3) return 1;") + 1
    last = source.index("int g() { return lenght; }") + 1
    expected = [
        ("parentheses", "warning", [(first, 9, first, 10)],
         [[((first, 9, first, 10), "==")], [((first, 7, first, 7), "("), ((first, 12, first, 12), ")")]]),
        ("c0-undeclared", "error", [(last, 18, last, 24)], [[((last, 18, last, 24), "length")]])]
    assert list(sarif(log)) == expected, list(sarif(log))
    from_json = [(d["id"], d["kind"], [(*place(d["caret"]), *place(d["end"]))], list(fixes(d))) for d in plain]
    assert from_json == expected, from_json
    assert [place(r["begin"]) for r in plain[0]["ranges"]] == [(first, 7), (first, 11)], plain[0]


main()
