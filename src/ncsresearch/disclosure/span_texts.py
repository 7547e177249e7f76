"""How does the text of a span read now, by what its quantity is worth?"""

import re
from collections.abc import Iterator

from ncsresearch.disclosure.plan import SCALE, WORDS, word
from ncsresearch.disclosure.spans import EVERYBODY, NOBODY, SpanFault, Worth, worth
from ncsresearch.evidence.rounded import rounded
from ncsresearch.ingest.findings_file import FindingsFile
from ncsresearch.study import Study

UP_TO_TWENTY = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
SPELLED = {name: n for n, name in enumerate(UP_TO_TWENTY.split(), start=2)}
TENS = enumerate(("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=3)
LARGER = SPELLED | {"dozen": 12, "hundred": 100, "thousand": 1000} | {name: 10 * n for n, name in TENS}
BETWEEN = tuple(name for _, name in SCALE)
NUMBER = r"\d[\d,]*(?:\.\d+)?"
FORMS = {
    "of": re.compile(rf"({NUMBER}|{'|'.join(SPELLED)})(\s+of\s+)({NUMBER})(?!\S*\d)", re.IGNORECASE),
    "percent": re.compile(rf"({NUMBER})(\s*%|\s+per\s?cent\b)"),
    "number": re.compile(rf"({NUMBER}|(?:one|{'|'.join(SPELLED)})\b)", re.IGNORECASE),
    "word": re.compile(
        rf"({'|'.join(sorted((*NOBODY, *EVERYBODY, *BETWEEN), key=len, reverse=True))})\b", re.IGNORECASE
    ),
}
A_FORM = "a number, n of n, a share in percent, or one of " + ", ".join((NOBODY[0], *BETWEEN, EVERYBODY[0]))


def read_now(text: str, now: Worth, study: Study) -> str:
    """Return the text of a span as it reads now, in its own form and with the words that follow. Raises SpanFault where it has none."""
    found = ((name, form.match(text)) for name, form in FORMS.items())
    form, match = next((each for each in found if each[1]), ("", None))
    if match is None or any(numbers_in(text[match.end() :])):
        raise SpanFault(repr(text), A_FORM)
    if form == "word" or now.withheld:
        return _worded(match[1], now, study) + text[match.end() :]
    asked = {
        "of": (now.n, now.base),
        "percent": (now.percent,),
        "number": (now.percent if now.n is None else now.n,),
    }
    if any(value is None for value in asked[form]):
        missing = "a base" if form == "of" else "a share"
        raise SpanFault(repr(match[0]), f"another form: {missing} is not known")
    first, *base = asked[form]
    between = match[2] if form != "number" else ""
    return (
        "".join([_like(match[1], first), between, *(_like(match[3], n) for n in base)]) + text[match.end() :]
    )


def _like(text: str, value: float) -> str:
    """Return a number with the decimals of a text, spelled out where that is."""
    spelled = {n: name for name, n in (SPELLED | {"one": 1}).items()}
    if text.isalpha() and value in spelled:
        return spelled[value].capitalize() if text[0].isupper() else spelled[value]
    plain = bool(re.match(r"\d{4}", text))
    return f"{rounded(value, len(text.partition('.')[2])):{'' if plain else ','}}"


def _worded(text: str, now: Worth, study: Study) -> str:
    """Return the word for a quantity, as it is written where several mean the same."""
    if not now.withheld and not now.base:
        raise SpanFault(repr(text), "a number: no base is known of which it would be a share")
    found = now.word or word(now.n, now.base, WORDS if study.settings.threshold else SCALE)
    same = next((names for names in (NOBODY, EVERYBODY) if found in names), (found,))
    said = text.lower()
    if said in same:
        return text
    at = next((names.index(said) for names in (NOBODY, EVERYBODY) if said in names), 0)
    reads = same[min(at, len(same) - 1)]
    return reads.capitalize() if text[0].isupper() else reads


def is_worded(text: str) -> bool:
    """Whether the text of a span is a word for a quantity, such as most."""
    return bool(FORMS["word"].match(text))


def numbers_in(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield each number of a text from two on: how it is written, its value in digits, and where it ends."""
    for found in re.finditer(rf"(?<![\w.,]){NUMBER}|\b(?:{'|'.join(LARGER)})\b", text, re.IGNORECASE):
        value = LARGER.get(found[0].lower()) or found[0].replace(",", "")
        if str(value) not in ("0", "1"):
            yield found[0], str(value), found.end()


def texts_now(study: Study, file: FindingsFile) -> dict[int, str]:
    """Return how the spans of a file read now, by where they are in it; those that are worth nothing are left out."""
    found = {}
    for span in file.spans:
        try:
            found[span.start] = read_now(span.text, worth(study, span), study)
        except SpanFault:
            continue
    return found
