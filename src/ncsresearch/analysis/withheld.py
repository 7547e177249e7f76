"""Names that moved."""

from ncsresearch.disclosure.mask import *  # noqa
from ncsresearch.disclosure.mask import publishable_differences as told_differences  # noqa
