"""Which field is each column of a sheet: as it was given, as the tool that wrote it means it, else by heading and by values that fit."""

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.fields import ONCE, field_of, given_fields, mode_of, plain, stance_of, unnumbered
from ncsresearch.ingest.guessed_fields import has_words, hint_of, names_none
from ncsresearch.ingest.imported_file import Line, few
from ncsresearch.ingest.known_exports import known_export
from ncsresearch.ingest.sheet_coding import CODEBOOK, TICKS
from ncsresearch.ingest.survey_layout import form_columns
from ncsresearch.schema import StudyError

VAGUE = {"id", "case"}  # headings of rows, of respondents and of people
SPEAKS = {
    "speaker",
    "speaker name",
    "speaker id",
    "speakers",
    "spoken by",
    "said by",
    "who spoke",
    "who speaks",
    "participants",
    "respondents",
    "interviewees",
}
NAMES_PERSON = (
    "ip address, ip, ipaddress, email, e mail, email address, e mail address, name, first name, last name, surname, "
    "full name, your name, your email, date of birth, postcode, mobile, recipient email, recipient first name, recipient last name, phone, telephone, "
    "phone number, username, location latitude, location longitude, latitude, longitude, custom data 1, "
    "address"
)
PERSONAL_ELSEWHERE = (
    "home address, postal address, contact number, mobile number, dob, zip code, post code, contact details, "
    "vorname, nachname, familienname, e mail adresse, telefon, telefonnummer, handynummer, postleitzahl, plz, anschrift, adresse, geburtsdatum, "
    "nom, prénom, nom de famille, adresse e mail, courriel, téléphone, numéro de téléphone, code postal, date de naissance, "
    "nombre, apellido, apellidos, correo electrónico, teléfono, dirección, código postal, fecha de nacimiento, "
    "nome, nome completo, cognome, sobrenome, apelido, posta elettronica, correio electrónico, correio eletrônico, telefono, telefone, indirizzo, "
    "naam, voornaam, achternaam, telefoonnummer, namn, förnamn, efternamn, navn, fornavn, efternavn, etternavn, e post, epost, nimi, etunimi, sukunimi, "
    "enw, e bost, cyfeiriad e bost, imię, nazwisko, imię i nazwisko, имя, фамилия, фио, отчество, электронная почта, адрес электронной почты, телефон, "
    "ім я, прізвище, 姓名, 名前, 氏名, 이름, 邮箱, 电子邮件, الاسم, όνομα, forename, forenames, surnames, family name, given name, maiden name"
)
PERSONAL = {*NAMES_PERSON.split(", "), *PERSONAL_ELSEWHERE.split(", ")}
# words of a heading that tools write for where an answer came from, and of numbers that one person has
FROM_WHERE = re.compile(
    r"\bip (addr|adr)|\b(adresse|dirección|indirizzo|endereço) ip$|\bipaddr|\bgps ?(location|point|position|coordinates?|altitude|precision|accuracy)|"
    r"\bgeo ?(location|point)|\b(latitude|longitude)( (degrees?|deg|wgs ?84))?$|^(full|home|work) post ?code$|"
    r"^(ref ?url|referrer url|referer|user ?agent|device ?id|subscriber ?id|sim ?serial|phone ?number|submitted by|imei)$|"
    r"\b(nhs|chi|passport|national insurance|ni|social security|social insurance) (number|no)\b(?! of)"
)
GPS = {"GPS", "gps", "Gps"}  # and not GPs, who are doctors
# what has a number in parts, and a place that many go to: its version is no computer, its postcode is nobody's
NO_HOME = re.compile(
    r"version|release|firmware|build|\b(clinic|surgery|practice|school|college|site|venue|hospital|office|service|centre|center|workplace|room|class)\b"
)
# e-mail addresses, numbers of patients and of the insured, and pairs of coordinates; computers and postcodes
REACHES = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\d{3} \d{3} \d{4}|[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]|-?\d{1,2}\.\d{3,}[,; ]+-?\d{1,3}\.\d{3,}.*",
    re.IGNORECASE,
)
AT_HOME = re.compile(
    r"(\d{1,3}\.){3}\d{1,3}|(?=.*[a-f]|.*::)[0-9a-f]*(:[0-9a-f]*){4,7}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"((please|what (is|s)|enter|give|provide|state|tell us|and|bitte|wie (ist|lautet)|quel(le)? est|cuál es|your|the|ihre?|votre|su) )+"
)
ADDED = re.compile(
    r" (no|nr|number|optional|if (any|you)\b.*|for (a|an|the|our|any|call|contact|correspondence|reply)\b.*)$"
)
ABOVE = re.compile(
    "((main|parent|overarching|higher|top) )(themes?|codes?|category|tags?|quirks?|nodes?)|category|oberkategorie|hauptkategorie"
)
BELOW = re.compile(
    r"(sub|sous|unter|child|second level|level 2|lower)[ -]?(themes?|codes?|categor(y|ies)|tags?|thèmes?|kategorien?)|subtemas?"
)
# what tools list of each code
ON_CODES = re.compile(
    r"((code|theme|tag|coding) )?(groups|families|count|frequency|weight|total)|(code|theme|tag) (group|family)|grounded|groundedness|density|"
    r"((number|no|count) of )?(quotations|quotes|references|refs|files|sources|documents|segments|codings|mentions|uses)|modified( by)?|author"
)
CODERS = re.compile(
    r"(coded|tagged|highlighted|created|applied|added|annotated) by( (initials|name|user))?|coder (initials|name|id)|excerpt creator|annotator|rater"
)
SAYINGS = {"snippet", "verbatim", "reference text"}  # of words where any cell has two
BY_ROW = {"coder", "participant", "stance", "text"}  # fields of which a passage has one
REMARKS = {"comment", "note", "response", "answer"}  # less sure to be the text than a column named so


def column_fields(frame: pd.DataFrame, maps: list[str], sheet: str) -> dict[str, str]:
    """Return the field of each column, "" for one that means none.

    A field that two columns could be goes to the one whose values fit it. Raises StudyError where that leaves two, with
    the columns, what each was taken for, and the --map line that decides.
    """
    given = given_fields(maps, list(frame))
    known = known_export(frame)
    fields = {column: given.get(column) or known.get(column) or field_of(column) for column in frame}
    sure = given.keys() | known.keys()
    fields |= _ids_of_codes(frame, fields, sure) or _levels_of_codebook(fields, sure)
    fields |= {column: "" for column in fields.keys() - sure if not _fits(frame, column, fields)}
    for field in ONCE:
        fields |= _one_of(frame, field, fields, sure)
    fields |= _of_passages(frame, fields, sure)
    _refuse_numbered(fields, sure, sheet)
    _refuse_two(fields, sheet, given)
    _refuse_no_mode(frame, given, fields, sheet)
    return fields


def _fits(frame: pd.DataFrame, column: str, fields: Mapping[str, str]) -> bool:
    """Whether a column's values can be what its heading says: an area is no number, and an id of each passage no person."""
    values = frame[column].dropna()
    if fields[column] == "area":
        return values.empty or not values.str.fullmatch(r"[\d.,]+").all()
    if fields[column] == "interview":
        return not names_none(values)
    if fields[column] == "mode":
        return all(map(mode_of, values.unique()))
    if fields[column] == "text" and plain(column) == "comment":
        return not _are_codes(frame, fields)
    if fields[column] == "code" and values.str.lower().isin(TICKS).all():
        return not plain(column)[-1].isdigit()
    has = set(fields.values())
    if plain(column) in ("label", "labels") and has & {"participant", "document", "interview"}:
        return "text" in has  # of a speaker
    if fields[column] == "participant" and plain(column) in VAGUE and {"text", "code"} <= has:
        text = next(name for name, field in fields.items() if field == "text")
        return bool(frame.groupby(column)[text].nunique().gt(1).any())
    if fields[column] == "text" and plain(column) in SAYINGS:
        return bool(values.empty or values.str.strip().str.contains(r"\s").any())
    quoted = r"\d+:\d+"  # ids of quotations in ATLAS.ti, and people of groups where nothing is said
    is_id = fields[column] == "participant" and len(values) and values.str.fullmatch(quoted).all()
    return not is_id or not ("text" in has or any(has_words(frame[name]) for name in frame))


def _ids_of_codes(frame: pd.DataFrame, fields: Mapping[str, str], sure: set[str]) -> dict[str, str]:
    """Return the columns that have a code such as 1 or C01, and its label: what a codebook, and passages, know it by."""
    named = {
        plain(column): column for column, field in fields.items() if field == "code" and column not in sure
    }
    if {*named} != {"code", "label"}:
        return {}
    code, label = named["code"], named["label"]
    one_each = all(
        frame.groupby(one)[other].nunique().le(1).all() for one, other in ((code, label), (label, code))
    )
    if "text" in fields.values():
        return {code: "attribute", label: "code"} if one_each else {}
    is_book = {*fields.values()} & {"definition", "include", "parent"}
    return {code: "code id", label: "code"} if is_book and frame[code].is_unique else {}


def _levels_of_codebook(fields: Mapping[str, str], sure: set[str]) -> dict[str, str]:
    """Return the columns of a codebook of two levels: a theme and a sub-theme, or a parent code and a child code."""
    over, under = (
        [
            name
            for name in fields.keys() - sure
            if level.fullmatch(plain(name)) or (level is ABOVE and fields[name] == "code")
        ]
        for level in (ABOVE, BELOW)
    )
    is_book = "definition" in fields.values() and len(over) == len(under) == 1
    return {over[0]: "parent", under[0]: "code"} if is_book else {}


def _are_codes(frame: pd.DataFrame, fields: Mapping[str, str]) -> bool:
    """Whether each row is another code, and nobody's words, with what a codebook has: a comment beside it is on the code."""
    codes = [column for column, field in fields.items() if field == "code"]
    others = [column for column, field in fields.items() if field not in ("text", *CODEBOOK, "leave out")]
    of_codes = all(ON_CODES.fullmatch(plain(column)) for column in others)
    return len(codes) == 1 and of_codes and not frame[codes[0]].duplicated().any()


def _of_passages(frame: pd.DataFrame, fields: Mapping[str, str], sure: set[str]) -> dict[str, str]:
    """Return the columns of coded passages that say who speaks, or how by words for stances alone, where no other column does."""
    has = {*fields.values()}
    unread = [column for column, meant in fields.items() if not meant and column not in sure]
    if "text" not in has or not has & {"code", "code path"}:
        return {}
    codes = [column for column, meant in fields.items() if meant == "code"]
    below = [column for column in unread if BELOW.fullmatch(plain(column))]
    above = [
        column
        for column, meant in fields.items()
        if meant in ("", "parent") and ABOVE.fullmatch(plain(column))
    ]
    if len(codes) == 1 and len(below) + len(set(above) - sure) == 1:
        over, under = (codes[0], below[0]) if below else (above[0], codes[0])
        if below or frame.groupby(under)[over].nunique().le(1).all():
            levels = {over: "category", under: "code"}
            return levels | _of_passages(frame, {**fields, **levels}, sure)
    told = {
        "participant": [column for column in unread if plain(column) in SPEAKS],
        "stance": [column for column in unread if hint_of(column) == "stance" and _tells(frame[column])],
        "coder": [column for column in unread if CODERS.fullmatch(plain(column))],
    }
    return {columns[0]: field for field, columns in told.items() if len(columns) == 1 and field not in has}


def _tells(cells: pd.Series) -> bool:
    values = cells.dropna().unique()
    return len(values) > 0 and all(map(stance_of, values))


def _one_of(frame: pd.DataFrame, field: str, fields: Mapping[str, str], sure: set[str]) -> dict[str, str]:
    """Return what becomes of the columns that could be one field: the surest keeps it, where one is."""
    named = _named(fields, field)
    chosen = [column for column in named if column in sure]
    clear = [column for column in named if plain(column) not in VAGUE | REMARKS]
    unique = [column for column in named if field == "participant" and frame[column].dropna().is_unique]
    best = chosen or clear or unique or named
    if len(named) < 2 or len(best) != 1:
        return {}
    others = (column for column in named if column not in best)
    return {column: "note" if field == "text" and plain(column) == "comment" else "" for column in others}


def _named(fields: Mapping[str, str], field: str) -> list[str]:
    """Return the columns that could be one field; of several that are numbered, such as "Code 1" and "Code 2", the first."""
    named = [column for column, meant in fields.items() if meant == field]
    return named[:1] if field == "code" and len({unnumbered(plain(each)) for each in named}) == 1 else named


def _refuse_two(fields: Mapping[str, str], sheet: str, given: Mapping[str, str]) -> None:
    for field in ONCE:
        named = _named(fields, field)
        if len(named) > 1 and not (field == "code" and given.keys() >= {*named}):
            read = "; ".join(f"{column} = {meant or 'attribute'}" for column, meant in fields.items())
            first, second = named[:2]
            raise StudyError(
                f"{sheet}: the columns {first!r} and {second!r} could both be the {field}. Its columns were read as {read}. "
                f"Say which is not, such as --map {second!r}=attribute."
            )


def _refuse_numbered(fields: Mapping[str, str], sure: set[str], sheet: str) -> None:
    """Refuse passages that have a column for each of several coders, speakers or stances."""
    bases = {column: unnumbered(plain(column)) for column in fields}
    several = Counter(base for column, base in bases.items() if base not in {*REMARKS, plain(column)})
    numbered = [
        column
        for column, base in bases.items()
        if field_of(base) in BY_ROW and several[base] > 1 and not fields[column] and column not in sure
    ]
    alike = [column for column, base in bases.items() if base in map(bases.get, numbered)]
    if numbered and "text" in fields.values():
        raise StudyError(
            f"{sheet}: the columns {few(map(repr, alike))} are of one kind; give each a row of its own, under one heading. To keep them as "
            f"attributes: {' '.join(f'--map {column!r}=attribute' for column in numbered)}."
        )


def _refuse_no_mode(
    frame: pd.DataFrame, given: Mapping[str, str], fields: Mapping[str, str], sheet: str
) -> None:
    """Refuse a column that --map gives as the mode of interviews, where it is none or no column names the interview."""
    for column in (column for column, meant in given.items() if meant == "mode"):
        other = [value for value in frame[column].dropna().unique() if not mode_of(value)]
        named = {"interview", "document"} & set(fields.values())
        if other or not named:
            unnamed = f"no column beside {column!r} names the interview"
            has = f"{column!r} has {', '.join(other)}" if other else unnamed
            raise StudyError(
                f"{sheet}: the mode of an interview is one-to-one, paired or group, and {has}. To keep the column: --map {column!r}=attribute."
            )


def personal_line(personal: list[str]) -> list[Line]:
    """Return the line of an account that says how many personal columns were left out."""
    line = Line("personal column", len(personal), 0, "left out; to keep one: --map column=attribute")
    return [line] if personal else []


def personal_columns(
    fields: Mapping[str, str], labels: Mapping[str, str] | None = None, frame: pd.DataFrame | None = None
) -> list[str]:
    """Return the columns that are of no field and that a heading, the label of a column, or most cells say to name or to reach a person."""
    unread = [column for column, meant in fields.items() if not meant]
    reach = [] if frame is None else [name for name in unread if name in frame and _reaches(frame[name])]
    reach += [] if frame is None else form_columns(frame)[3:5]
    return [
        name
        for name in unread
        if name in reach or _is_personal(name) or _is_personal((labels or {}).get(name, ""))
    ]


def _reaches(cells: pd.Series) -> bool:
    """Whether most cells are as REACHES has them, as AT_HOME has under a heading that says no other, or telephone numbers: of nine digits at least, the first a 0 or after a plus."""
    told = cells.dropna()
    known = told.str.fullmatch(REACHES)
    if not NO_HOME.search(plain(str(cells.name))):
        known |= told.str.fullmatch(AT_HOME)
    phone = told.str.fullmatch(r"\(?(\+|0)[\d ()-]+") & told.str.count(r"\d").ge(9)
    return len(told) > 0 and (known | phone).mean() > 0.5


def _is_personal(heading: str) -> bool:
    if (FROM_WHERE.search(plain(heading)) or heading.strip(" _") in GPS) and "?" not in heading:
        return True
    asked = {plain(heading), plain(heading.rpartition(" - ")[2])}
    asked |= {ADDED.sub("", each) for each in asked}
    return bool({*asked, *(ASKED.sub("", each, count=1) for each in asked if ASKED.match(each))} & PERSONAL)
