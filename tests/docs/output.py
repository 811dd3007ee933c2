"""Compare the output that a page shows with what was printed."""

import re

# Results of simulations may differ in their last digits from one kind of processor to another, and
# a trajectory with them: a page rounds, and shows what seeds agree about.
RELATIVE = 0.05
ABSOLUTE = 0.01

_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")
_ANY_NUMBER = r"(-?\d[\d,]*(?:\.\d*)?(?:e[-+]?\d+)?|-?inf)"


def is_part_of(shown, printed):
    """Return whether a text that is shown is part of what was printed.

    Spaces and line ends are alike, ``...`` stands for anything, and a number for any number that
    is as large within 5 % or 0.01; whole numbers must be the same.
    """
    numbers, pattern = [], []
    for gap, piece in enumerate(" ".join(shown.split()).split("...")):
        if gap:
            pattern.append(".*?")
        place = 0
        for number in _NUMBER.finditer(piece):
            pattern += [_spaced(piece[place : number.start()]), _ANY_NUMBER]
            numbers.append(number[0])
            place = number.end()
        pattern.append(_spaced(piece[place:]))
    printed = " ".join(printed.split())
    # From every place, since the first that looks alike may have other numbers.
    for start in re.finditer(r"(?:^|(?<= ))(?=\S)", printed):
        match = re.compile("".join(pattern), re.DOTALL).match(printed, start.start())
        if match and all(map(_agree, numbers, match.groups())):
            return True
    return False


def _spaced(text):
    return re.escape(text).replace(r"\ ", " ")


def _agree(shown, printed):
    a, b = (float(text.replace(",", "")) for text in (shown, printed))
    if shown.lstrip("-").replace(",", "").isdigit():
        return a == b
    return abs(a - b) <= max(ABSOLUTE, RELATIVE * abs(a))
