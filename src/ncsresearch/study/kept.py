"""Tables that are worked out once for a study, since many others ask for them."""

from collections.abc import Callable
from functools import lru_cache, wraps

import pandas as pd

Tabling = Callable[..., pd.DataFrame]


def kept(maxsize: int) -> Callable[[Tabling], Tabling]:
    """Keep the last tables that a function made; whoever asks may change what they are given, and nobody else sees it."""

    def keeping(function: Tabling) -> Tabling:
        made = lru_cache(maxsize)(function)

        @wraps(function)
        def given(*asked, **named) -> pd.DataFrame:
            return made(*asked, **named).copy(deep=False)

        return given

    return keeping
