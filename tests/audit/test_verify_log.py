"""The verifier that travels with an export: one file, and Python's own library."""

import ast
import json
import sys
from pathlib import Path

import pytest

from organizations.audit import verify_log
from organizations.audit.verify_log import Bad, digest, main, read

HOUSE = "01a1fcf2-d807-75ad-a04d-45145c990f10"


def log(number=5, home=HOUSE):
    """Return a log's lines, chained by hand."""
    head, made = "", []
    for place in range(1, number + 1):
        text = json.dumps({"sequence": place, "organization_id": home, "n": "ä"})
        made.append(line(place, head, text))
        head = made[-1]["hash"]
    return made


def line(place, previous, text):
    value = digest(bytes.fromhex(previous), text).hex()
    return {"sequence": place, "previous": previous, "hash": value, "text": text}


def written(lines):
    return [json.dumps(each) for each in lines]


def refusal(lines):
    with pytest.raises(Bad) as caught:
        read(written(lines))
    return str(caught.value)


def test_it_needs_only_the_standard_library():
    tree = ast.parse(Path(verify_log.__file__).read_text())
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module.partition(".")[0])
    assert imported <= sys.stdlib_module_names


# cap 71
def test_a_whole_log_is_right():
    reading = read(written(log()))
    assert (reading.entries, reading.sequence, reading.gaps) == (5, 5, [])
    assert reading.head == log()[-1]["hash"]
    assert reading.organization == HOUSE


def test_nothing_at_all_is_right():
    assert read([]).entries == 0


@pytest.mark.parametrize("place", range(5))
def test_a_changed_text_is_named(place):
    lines = log()
    lines[place]["text"] = lines[place]["text"].replace("\\u00e4", "b")
    assert refusal(lines).startswith(f"Line {place + 1}: the text is not the one")


@pytest.mark.parametrize("place", range(5))
def test_a_changed_hash_is_named(place):
    lines = log()
    lines[place]["hash"] = "0" * 64
    assert refusal(lines).startswith(f"Line {place + 1}:")


def test_a_swapped_pair_is_named():
    lines = log()
    lines[1], lines[2] = lines[2], lines[1]
    assert refusal(lines) == "Line 3: out of order: it follows entry 3."


def test_a_line_that_was_given_anothers_place_is_named():
    lines = log()
    lines[2]["sequence"] = 4
    assert refusal(lines) == "Line 3: the text says it is entry 3: moved."


def test_an_entry_written_anew_does_not_continue():
    lines = log()
    text = lines[2]["text"].replace("\\u00e4", "b")
    lines[2] = line(3, lines[2]["previous"], text)
    assert refusal(lines) == "Line 4: it does not continue from entry 3."


def test_a_line_of_another_organization_is_named():
    lines = log()[:2] + log(5, "another")[2:]
    assert "another organization" in refusal(lines)


def test_gaps_are_counted():
    lines = log(9)
    assert read(written(lines[2:4] + lines[7:])).gaps == [(1, 2), (5, 7)]


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": "1"},
        {"sequence": None},
        {"hash": 1},
        {"text": "x"},
        {"text": "[]"},
        {"text": None},
        {"previous": "not hexadecimal"},
        {"previous": None},
    ],
)
def test_a_line_that_is_none_is_named(change):
    lines = log()
    lines[0] |= change
    assert refusal(lines).startswith("Line 1:")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "log.jsonl"

    def make(lines):
        path.write_text("\n".join([*written(lines), ""]))
        return str(path)

    return make


def test_the_command_says_what_it_found(file, capsys):
    assert main([file(log())]) == 0
    said = capsys.readouterr().out
    assert said.startswith("VERIFIED. 5 entries")
    assert "Entries cut from the end leave no trace" in said


def test_the_command_says_what_an_extract_proves(file, capsys):
    assert main([file(log()[2:])]) == 0
    said = capsys.readouterr().out
    assert "This is an extract: 2 entries in 1 gaps" in said
    assert "the first from 1 to 2" in said


def test_the_command_fails_at_the_first_bad_line(file, capsys):
    lines = log()
    lines[1]["hash"] = lines[3]["hash"] = "0" * 64
    assert main([file(lines)]) == 1
    assert capsys.readouterr().out.startswith("NOT VERIFIED. Line 2:")


def test_a_cut_tail_is_found_by_a_kept_head(file, capsys):
    head = log()[-1]["hash"]
    assert main([file(log()), "--head", head.upper()]) == 0
    assert "cut from the end" not in capsys.readouterr().out
    assert main([file(log()[:4]), "--head", head]) == 1
    assert "not the given one" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_no_verdict(tmp_path, capsys, content):
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path)]) == 2
    assert "Cannot read" in capsys.readouterr().out
