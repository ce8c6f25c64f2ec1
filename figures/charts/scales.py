"""Round numbers for the steps of a scale."""

from math import ceil, floor, log10

SHADES = 5
_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def step_for(most: int, steps: int = SHADES) -> int:
    """The least round number that, ``steps`` times, reaches ``most``; at least 1."""
    wanted = max(1, ceil(most / steps))
    power = float(10 ** floor(log10(wanted)))
    return next(ceil(digit * power) for digit in _ROUND if ceil(digit * power) >= wanted)


def shade_of(count: int, step: int) -> int:
    """0 for none, else from 1 to ``SHADES``."""
    return ceil(count / step)
