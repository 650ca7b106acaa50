"""Each capability the house promises so far is shown by a test that names it."""

import re

from tests.contracts.house import files

PROMISED = {
    *range(1, 19),
    *range(20, 66),
    *range(67, 92),
}


def shown() -> set[int]:
    marks = re.compile(r"# caps? ([\d, ]+)")
    texts = [path.read_text(encoding="utf-8") for path in files("tests")]
    lists = [found for text in texts for found in marks.findall(text)]
    return {int(number) for found in lists for number in re.findall(r"\d+", found)}


def test_every_promise_is_shown():
    assert sorted(PROMISED - shown()) == []
