"""Months as papers print them."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MONTH = "|".join(MONTHS)


def iso_month(month: str, year: str) -> str:
    """Return a month such as November 2019 as 2019-11."""
    return f"{year}-{MONTHS.index(month) + 1:02}"
