"""How was a service rated?"""

import pandas as pd

from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def ratings(study: Study) -> pd.DataFrame:
    """Ratings of the quality indicators of an inspection.

    Returns one row per indicator inspected, with indicator_id, label, rating and points (of 6).
    """
    return framed(study.ratings, "ratings", study)
