"""How is a number rounded wherever it is printed? Half up, as by hand and in a spreadsheet."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from ncsresearch.schema import NO_UNIT

MONEY = ("£", "$", "€")  # units before a number
EXACT = 9  # decimals, beyond which a number differs from what it is by the arithmetic of computers alone


def rounded(number, decimals: int = 0) -> Decimal:
    """Return a number rounded to so many decimals, halves away from zero: 12.5 to 13; it prints all its decimals."""
    exact = Decimal(repr(round(float(number), EXACT)))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def measured(value, unit: str, decimals: int | None = None) -> str:
    """Return a value with its unit: 89%, £1,200, 14 days, or the number alone of what is counted without one."""
    number = value if decimals is None else float(rounded(value, decimals))
    told = f"{number:,.10g}"
    if unit in MONEY:
        return f"{unit}{told}"
    return f"{told}{'' if unit in ('%', NO_UNIT) else ' '}{'' if unit == NO_UNIT else unit}"


def percent(share, decimals: int = 0) -> str:
    """Return a share of 0 to 1 as a percentage: 13%; empty for one that is missing."""
    return "" if pd.isna(share) else f"{rounded(100 * share, decimals)}%"
