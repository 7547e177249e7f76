"""What columns, headings and variables of other tools' files are called, and which field of a study each is."""

import re

from ncsresearch.schema import AREA_TYPES, STANCES, nearest, one_of

NAMES = {
    "participant": "participant, participant id, person, pseudonym, respondent, respondent id, response id, interviewee, id, case, "
    "teilnehmer, teilnehmer id, befragte, répondant, participante, участник, респондент, "
    "participant e, participant s, participantes, interviewpartner, interviewpartnerin, interviewte, entrevistado, entrevistada, enquêté, enquêtée, intervistato, deelnemer",
    "interview": "interview, interview id, interview no, interview num, interview number, transcript id, session, "
    "entretien, entrevista, intervista",
    "document": "document, doc, document id, file, filename, file name, source, source id, transcript, document name, "
    "document title, source title, source name, note title, transcript name, transcript title, transcript file, dokument, datei, fichier, documento, archivo, arquivo",
    "area": "area, area id, area name, case study area, local authority, council, region, site, location, "
    "ort, gemeinde, gebiet, lieu, commune, région, territoire, lugar, municipio, región",
    "area type": "area type, urban rural, rural urban, 8 fold urban rural, 6 fold urban rural, 2 fold urban rural, urban rural classification, rural urban classification, "
    "gebietstyp, raumtyp, stadt land, stadt oder land, type de territoire, type de zone, urbain rural, urbain ou rural, tipo de territorio, tipo de zona, tipo de área",
    "classification": "classification",
    "group": "group, participant group, participant type, type of participant, type of respondent, respondent group, respondent type, stakeholder group, responding as, "
    "gruppe, teilnehmergruppe, groupe, groupe de participants, grupo, gruppo, groep",
    "mode": "mode, interview type, format",
    "number": "number, running number",
    "text": "text, segment, passage, quote, quotation, excerpt, coded text, content, highlight, response, answer, comment, quotation content, text content, snippet, verbatim, reference text, "
    "extract, extracts, data extract, coded extract, interview extract, quotes, excerpts, excerpt text, highlight text, highlighted text, segment text, coded segment, "
    "verbatim comment, verbatim quote, "
    "zitat, textstelle, citation, extrait, cita, citação, citazione, citaat",
    "code": "code, theme, codes, themes, coding, codings, code s, theme s, code applied, codes applied, tag, tags, code name, label, labels, node, topic, quirk, quirks, "
    "kategorie, kategorien, kode, kodes, thema, themen, catégorie, catégories, thème, thèmes, código, códigos, categoría, tema, temas",
    "code id": "code id",
    "code path": "code path, theme path",
    "stance": "stance, polarity, sentiment, valence, told as, described as, position, stances, "
    "bewertung, haltung, valoración, tonalité",
    "about client group": "about client group, about",
    "about area type": "about area type",
    "coder": "coder, coded by, user, analyst, creator, codierer, codiererin, kodierer, codeur, codificador",
    "segment": "segment id, highlight id, quote id, quotation id, passage id, coding id, reference id",
    "start": "start, start position, begin, start offset",
    "end": "end, end position, end offset",
    "note": "note, memo, rationale, notes, remark",
    "client group": "client group, client groups",
    "definition": "definition, description, code description",
    "include": "include, inclusion",
    "exclude": "exclude, exclusion",
    "parent": "parent, parent code, parent id",
    "facet": "facet",
    "colour": "colour, color",
    "item": "item, item id, question, question id, question number",
}
FIELDS = {known: field for field, names in NAMES.items() for known in names.split(", ")}
FIELDS["study status"] = "leave out"  # what our own exports say of the study they come from
OF_MEASURES = ("measure", "period", "value", "target", "better", "unit", "numerator", "denominator")
OF_PLANS = ("action", "owner", "due", "status", "as of", "action number")
ONCE = ("participant", "interview", "document", "area", "text", "code", "segment", "start", "end")
OF_PERSON = re.compile(
    "(participant|respondent|interviewee|person) (code|no|num|number|nr|ref|reference|pseudonym)"
)
QUOTES = "'\"‘’“”"
LONGEST_HEADING = 60
STANCE_WORDS = {
    "strength": "strength, strengths, good, positive, p, pos, +, +1, support, agree, works well, positiv, positif, positivo, positiva, stärke",
    "challenge": "challenge, challenges, bad, negative, n, neg, -, -1, concern, disagree, works badly, negativ, négatif, negativo, negativa, schwäche",
    "mixed": "mixed, both, ambivalent, mixed feelings, gemischt, mixte, mixto, misto",
    "suggestion": "suggestion, suggestions, recommendation",
    "neutral": "neutral, none, unclear, 0",
}
AREA_TYPE_WORDS = {
    "rural_unspecified": "rural, ländlich, ländlicher raum, rurale, rurales, landelijk, platteland, landsbygd, landlig, wiejski, wiejskie, "
    "сельский, сільський, 农村, accessible rural, remote or rural",
    "urban_unspecified": "urban, städtisch, urbain, urbaine, urbano, urbana, stedelijk, tätort, urbant, miejski, miejskie, городской, міський, "
    "城市, large urban, other urban",
    "remote_rural": "very remote rural",
    "small_town": "accessible small town, remote small town, very remote small town",
    "larger_city": "larger cities",
    "islands_remote": "islands and remote, islands and remote rural",
    "urban_substantial_rural": "urban with substantial rural",
}
AREA_TYPE_OF = {word: kind for kind, words in AREA_TYPE_WORDS.items() for word in words.split(", ")}
STANCE_OF = {word: stance for stance, words in STANCE_WORDS.items() for word in words.split(", ")}
# words for an area that nobody knows, as plain has them
UNKNOWN = "unknown|not known|not stated|not given|not recorded|not applicable|no answer|none|missing|tbc|n a|na|k a|unbekannt|keine angabe|inconnu"
NOT_KNOWN = {"", *UNKNOWN.split("|")}
assert set(STANCE_WORDS) == set(STANCES)


def plain(heading: str) -> str:
    """Return a heading without capitals, underscores and punctuation, as NAMES lists them."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(heading))
    return " ".join(re.sub(r"[^\w\s]|_", " ", spaced).lower().split())


def field_of(heading: str, given: dict[str, str] | None = None) -> str:
    """Return the field that a heading means: as it was given, else as NAMES has it, else an empty string."""
    given, name = given or {}, plain(heading)
    numbered = "code" if unnumbered(name) in ("code", "theme", "tag") else ""
    guessed = "participant" if OF_PERSON.fullmatch(name) else numbered
    return given.get(heading, FIELDS.get(name, guessed))


def unnumbered(name: str) -> str:
    """Return a plain heading without the number at its end: "Code 2" is a code as "Code 1" is."""
    return re.sub(r" ?\d+$", "", name)


def given_fields(maps: list[str], headings: list[str]) -> dict[str, str]:
    """Return the mapping that --map column=field asks for; refuses an unknown column or field.

    A field is one of NAMES, "question" for a question of a survey, "wave" for the column that names its waves, "theme column" for a column of ticks, "attribute" for
    a column that is kept as an attribute, "leave out", or one of a measure or an action plan.
    """
    known = [*NAMES, "question", "wave", "attribute", "theme column", "leave out", *OF_MEASURES, *OF_PLANS]
    given = {}
    for column, _, field in parted_pairs(maps):
        if column in headings:
            given[column] = one_of("field", field, known)
    return given


def parted_pairs(maps: list[str]) -> list[tuple[str, str, str]]:
    """Return column, "=" and field of each --map; the last "=" parts them."""
    return [pair.rpartition("=") for pair in maps]


def unquoted(maps: list[str], headings: set[str]) -> list[str]:
    """Return what --map says without marks around columns and fields, as messages print them, that are in no heading."""
    pairs = [(column, f"{equals}{field.strip(QUOTES)}") for column, equals, field in parted_pairs(maps)]
    return [
        (column.strip(QUOTES) if column not in headings and column.strip(QUOTES) in headings else column)
        + rest
        for column, rest in pairs
    ]


def unknown_columns(maps: list[str], headings: set[str]) -> list[str]:
    """Return what is wrong with the columns that --map names: no pair, or a column that no file has."""
    if whole := [pair for pair in maps if "=" not in pair]:
        return [f"--map: {pair!r} is no column=field." for pair in whole]
    absent = [(column, field) for column, _, field in parted_pairs(maps) if column not in headings]
    nobody = [name for name, field in absent if field == "interviewer"]
    short = ", ".join(sorted(heading for heading in headings if len(heading) <= LONGEST_HEADING))
    near = {name: _same_person(name, headings) or nearest(name, headings) for name in nobody}
    said = {name: f" Nearest: {other!r}." * bool(other) for name, other in near.items()}
    return [f"--interviewer: no transcript has a speaker {name!r}.{said[name]}" for name in nobody] or [
        f"--map: no file has a column {column!r}; columns: {short or 'none'}." for column, _ in absent
    ]


def _same_person(name: str, others: set[str]) -> str:
    """Return who has the words of a name in another order, such as "Bell, Ann", or else a part of them."""
    own = {*plain(name).split()}
    alike = [other for other in sorted(others) if own & {*plain(other).split()}]
    return max(alike, key=lambda other: len(own & {*plain(other).split()}), default="")


def stance_of(word: str) -> str:
    """Return the stance a word stands for, "very negative" as negative, or an empty string."""
    words = re.sub(
        "^(very|moderately|somewhat|mostly|mainly|slightly|quite|fairly|strongly) ", "", plain(word)
    )
    return STANCE_OF.get(str(word).strip().replace("−", "-"), STANCE_OF.get(words, ""))


def area_type_of(words: str) -> str:
    """Return the area type that words name, or an empty string: its id, "Rural areas", a class of a typology, in any case."""
    name = re.sub(r" areas?$|(?<= town)s$", "", plain(words))
    return AREA_TYPE_OF.get(name) or next((each for each in AREA_TYPES if plain(each) == name), "")


def mode_of(words: str) -> str:
    """Return how many take part in an interview, in the schema's words, or an empty string."""
    name = re.sub(r"^individual( interview)?$", "one to one", plain(words)).replace(
        "one to one", "one-to-one"
    )
    return name if name in ("one-to-one", "paired", "group") else ""


def area_and_type(area: str) -> tuple[str, str]:
    """Return an area's name and its type, where the name ends with that: "North (rural)", "North, rural", "North - rural"."""
    named = re.fullmatch(r"(.*?\S)(?:\s*[(\[,]|\s+[-–—])\s*([^()\[\],]+?)\s*[)\]]?\s*", area)
    kind = area_type_of(named[2]) if named else ""
    return (named[1], kind) if kind else (area, "")
