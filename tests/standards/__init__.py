"""The standards that the project holds itself to, rule by rule: a check for each, or why it does not apply."""

CHECKS = {}


def standard(name: str, words: str):
    """Return a decorator that makes a function the check of a rule, which the words put in short."""

    def add(check):
        CHECKS[name] = (words, check)
        return check

    return add


NOT_APPLICABLE = {
    "RAP04": (
        "somebody else reviews the work",
        "approvals are kept by the host of a repository, and this one has none; docs/quality.md says who assures, and that "
        "nobody outside the project has done so yet",
    ),
    "RAP17": (
        "a trigger runs the tests",
        "a trigger belongs to the host of a repository, and this one has none; .ci/run is what a host is to call",
    ),
}
