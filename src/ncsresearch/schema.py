"""What every study table must contain: the data dictionary.

One list of tables and columns, in the words of a researcher. The checks of a study, its data package
descriptor and the data dictionary for readers are all made from it.
"""

from dataclasses import dataclass
from difflib import get_close_matches

VERSION = "1"

STANCES = ("strength", "challenge", "mixed", "suggestion", "neutral")
AREA_TYPES = {
    "larger_city": "urban",
    "urban_substantial_rural": "urban",
    "urban_unspecified": "urban",
    "mainly_rural": "rural",
    "islands_remote": "rural",
    "remote_rural": "rural",
    "rural_unspecified": "rural",
    "small_town": "small town",
    "cross_area": "not in the comparison",
    "not_classified": "not in the comparison",
    "not_stated": "not in the comparison",
}
COMPARED = ("rural", "urban")  # the kinds of area that are held against each other
SEGMENT_KINDS = (
    *("passage", "quotation", "fragment", "key point", "finding"),
    *("suggestion", "comment", "response"),
)
SPEAKERS = ("interviewer", "respondent", "unknown")
YES_NO = ("yes", "no")
READERS = ("machine", "reader")
PATTERNS = {
    "whole": (r"-?\d+", "a whole number"),
    "number": (r"-?\d+(\.\d+)?", "a number"),
    "sha256": (r"[0-9a-f]{64}", "a SHA-256 of 64 digits and letters a to f"),
    "date": (r"\d{4}-\d{2}(-\d{2})?", "a date such as 2019-11-01 or a month such as 2019-11"),
}
RULES = (
    *(
        "percent",
        "sum",
        "weighted mean",
        "remainder",
        "same number",
        "no more than",
        "counts behind a percentage",
    ),
    *("base needed", "year of quarters", "population of class", "same dates", "date within", "in order"),
    *("no overlap", "series covers", "one period type", "one spelling", "numbered in order", "same wording"),
    *("cited from elsewhere", "answers not published", "topics have counts", "topics hold the rest"),
    "examples printed",
)
UNIT_IDS = {
    "segments": "segment_id",
    "interviews": "interview_id",
    "comment_counts": "category_id",
    "poll_results": "poll_item_id",
    "survey_items": "item_id",
    "kpi_values": "kpi_id",
    "ratings": "indicator_id",
    "actions": "action_id",
}
OWNER_IDS = {
    "participants": "participant_id",
    "interviews": "interview_id",
    "areas": "area_id",
    "segments": "segment_id",
    "documents": "document_id",
    "survey_answers": "respondent_id",
}
LINKED = ("segments", "documents", "notes", "codebook")


class StudyError(Exception):
    """The user's material has a fault; the message says what, where and what was expected."""


@dataclass(frozen=True)
class Column:
    """One column of a study table.

    kind is text, whole, number, sha256 or date; allowed lists the only values, in their order; refers
    names the column another table lists the value in ("areas.area_id"), or the column of this table that
    names that table, where several tables can be meant ("unit").
    """

    name: str
    meaning: str
    kind: str = "text"
    allowed: tuple[str, ...] = ()
    required: bool = False
    refers: str = ""


@dataclass(frozen=True)
class StudyTable:
    """One table of a study: what a row is, its columns, and the columns that together name a row."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> list[str]:
        """The columns' names in their order."""
        return [column.name for column in self.columns]


def _id(name: str, meaning: str) -> Column:
    return Column(name, meaning, required=True)


def _in(refers: str, meaning: str, *, required: bool = False, name: str = "") -> Column:
    return Column(name or refers.split(".")[1], meaning, refers=refers, required=required)


DOCUMENT = _in("documents.document_id", "Source that holds it", required=True)
AREA = _in("areas.area_id", "Area it belongs to; empty where no area is known")
NOTES = Column("notes", "Anything a later reader should know")

TABLES = {
    table.name: table
    for table in (
        StudyTable(
            "documents",
            "a source",
            ("document_id",),
            (
                _id("document_id", "Short name of the source"),
                Column("title", "Title as published", required=True),
                Column("short_title", "Name of it in tables and sources"),
                Column("publisher", "Who published it"),
                _in("areas.area_id", "Area it is about, where it is about one"),
                Column("year", "Year of publication", "whole"),
                Column("kind", "What kind of source it is", required=True),
                Column("licence", "Licence it is published under; empty means none stated"),
                Column("url", "Where it was published"),
                Column("file_sha256", "Hash of the file that was read", "sha256"),
                Column("text_sha256", "Hash of the normalised text", "sha256"),
                NOTES,
            ),
        ),
        StudyTable(
            "areas",
            "an area",
            ("area_id",),
            (
                _id("area_id", "Short name of the area"),
                Column("name", "Name of the area", required=True),
                Column("classification", "Official class of the area, in the words of the classification"),
                Column("area_type", "Class in the study's terms", allowed=tuple(AREA_TYPES), required=True),
                Column("gss_code", "Code of the Office for National Statistics"),
                Column("population", "People living there", "whole"),
                Column("population_year", "Year of the population figure", "whole"),
                Column("case_study", "Was it a case study area?", allowed=YES_NO, required=True),
                Column("report", "Is an area report made for it?", allowed=YES_NO, required=True),
                NOTES,
            ),
        ),
        StudyTable(
            "interviews",
            "an interview",
            ("interview_id",),
            (
                _id("interview_id", "Short name of the interview"),
                AREA,
                Column("participant_group", "Group interviewed", required=True),
                Column("number", "Running number within the group", "whole"),
                Column("mode", "How it was held", allowed=("one-to-one", "paired", "group")),
                _in("documents.document_id", "Transcript, or the report that quotes it"),
                NOTES,
            ),
        ),
        StudyTable(
            "participants",
            "a person heard",
            ("participant_id",),
            (
                _id("participant_id", "Pseudonym"),
                AREA,
                Column("participant_group", "Group the person belongs to", required=True),
                NOTES,
            ),
        ),
        StudyTable(
            "attendances",
            "a person in an interview",
            ("interview_id", "participant_id"),
            (
                _in("interviews.interview_id", "The interview", required=True),
                _in("participants.participant_id", "The person", required=True),
            ),
        ),
        StudyTable(
            "attributes",
            "one attribute of a participant, interview, area, passage, document or survey respondent",
            ("owner", "owner_id", "name", "value"),
            (
                Column("owner", "Table of the thing described", allowed=tuple(OWNER_IDS), required=True),
                Column("owner_id", "The thing described", required=True, refers="owner"),
                Column("name", "Name of the attribute", required=True),
                Column("value", "Its value; several values are several rows", required=True),
            ),
        ),
        StudyTable(
            "segments",
            "a passage of a source, or a point a reader made of it",
            ("segment_id",),
            (
                _id("segment_id", "Short name of the passage"),
                DOCUMENT,
                _in("interviews.interview_id", "Interview it was said in, where known"),
                _in(
                    "participants.participant_id", "Person who said it; empty if a group's speaker is unknown"
                ),
                Column("section", "Heading it stands under"),
                Column(
                    "ordinal", "Its place among the passages of its kind in the document, from 1", "whole"
                ),
                Column("kind", "What kind of passage it is", allowed=SEGMENT_KINDS, required=True),
                Column("start", "First character in the normalised text, from 0", "whole"),
                Column("end", "One past its last character", "whole"),
                Column("text_sha256", "Hash of its text, by which it is found in another copy", "sha256"),
                Column("label", "What it says, in our own words"),
                Column("condition", "Under what circumstances it holds"),
                Column("read_by", "Found by the machine or made by a reader", allowed=READERS, required=True),
                Column("text", "Its words, where the study may hold them"),
                NOTES,
            ),
        ),
        StudyTable(
            "codebook",
            "a code",
            ("code_id",),
            (
                _id("code_id", "Short name of the code"),
                _in("codebook.code_id", "Code it belongs under", name="parent_id"),
                Column("label", "Name of the code", required=True),
                Column("facet", "What the code describes: theme, partner, factor, ...", required=True),
                Column("definition", "What it means"),
                Column("include", "What belongs under it"),
                Column("exclude", "What does not, and where that goes"),
                Column("colour", "Colour in other tools"),
                Column("version", "Raised when the definition changes", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "codings",
            "a judgement by a coder about a unit",
            ("coding_id",),
            (
                _id("coding_id", "Short name of the judgement"),
                Column("unit", "Table of the thing judged", allowed=tuple(UNIT_IDS), required=True),
                Column("unit_id", "The thing judged", required=True, refers="unit"),
                _in("codebook.code_id", "Code given", required=True),
                Column("stance", "How it was told", allowed=STANCES),
                Column("about_client_group", "Client group the judgement is about"),
                Column("about_area_type", "Area type it is about", allowed=tuple(AREA_TYPES)),
                Column("coder", "Who judged", required=True),
                Column("n_references", "Passages so judged, where only their number is known", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "notes",
            "a remark of a reader about a source or a unit",
            ("note_id",),
            (
                _id("note_id", "Short name of the remark"),
                Column(
                    "unit",
                    "Table of the thing remarked on; empty for the study as a whole",
                    allowed=("documents", "codebook", "participants", *UNIT_IDS),
                ),
                Column("unit_id", "The thing remarked on", refers="unit"),
                Column("title", "Where it stands or what it is about"),
                Column("text", "The remark", required=True),
                Column("author", "Who made it", required=True),
            ),
        ),
        StudyTable(
            "links",
            "two things that belong together",
            ("link_id",),
            (
                _id("link_id", "Short name of the link"),
                Column("from_table", "Table of the one", allowed=LINKED, required=True),
                Column("from_id", "The one", required=True, refers="from_table"),
                Column("to_table", "Table of the other", allowed=LINKED, required=True),
                Column("to_id", "The other", required=True, refers="to_table"),
                Column("kind", "How they belong together", required=True),
                Column("direction", "Which way it points", allowed=("from one to the other", "both ways")),
                Column("similarity", "Share of their words in common, 0 to 1", "number"),
            ),
        ),
        StudyTable(
            "sets",
            "a member of a set that another tool keeps",
            ("set_id", "unit", "unit_id"),
            (
                _id("set_id", "Short name of the set"),
                Column("label", "Name of the set", required=True),
                Column("description", "What holds it together"),
                Column("unit", "Table of the member", allowed=("documents", "codebook", "notes")),
                Column("unit_id", "The member; empty for a set without members", refers="unit"),
            ),
        ),
        StudyTable(
            "summaries",
            "the summary of what a person or interview says under a code: a cell of the framework matrix",
            ("unit", "unit_id", "code_id"),
            (
                Column("unit", "Table of the case", allowed=("participants", "interviews"), required=True),
                Column("unit_id", "The case", required=True, refers="unit"),
                _in("codebook.code_id", "The code", required=True),
                Column("text", "The summary, in our own words", required=True),
            ),
        ),
        StudyTable(
            "turns",
            "a turn of a speaker in a transcript",
            ("document_id", "ordinal"),
            (
                DOCUMENT,
                Column("ordinal", "Its place in the transcript, from 1", "whole", required=True),
                Column("speaker", "Speaker as the transcript names them"),
                Column("role", "Whose turn it is", allowed=SPEAKERS, required=True),
                _in("participants.participant_id", "The person, where the speaker could be assigned"),
                Column("start", "First character in the normalised text, from 0", "whole", required=True),
                Column("end", "One past its last character", "whole", required=True),
                Column("time", "Time stamp as printed"),
            ),
        ),
        StudyTable(
            "origins",
            "the name that a row has in the file it came from",
            ("source", "table", "source_id"),
            (
                Column("source", "File or project it came from", required=True),
                Column("table", "Table of the row", required=True),
                Column("row_id", "The row", required=True),
                Column("source_id", "Its name in the source", required=True),
            ),
        ),
        StudyTable(
            "comment_counts",
            "a category of answers to a consultation question",
            ("category_id",),
            (
                _id("category_id", "Short name of the category"),
                DOCUMENT,
                AREA,
                Column("question_id", "Question answered", required=True),
                Column("question_label", "What was asked, in our own words"),
                Column("category", "Category as named by the source", required=True),
                Column("n", "Comments in the category", "whole"),
                Column("published_percent", "Percentage as published", "number"),
                Column("question_total", "All comments on the question", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "poll_results",
            "an answer share",
            ("poll_item_id",),
            (
                _id("poll_item_id", "Short name of the poll item"),
                DOCUMENT,
                AREA,
                Column("question_id", "Running number of the poll question", required=True),
                Column("label", "What was asked, in our own words"),
                Column(
                    "direction",
                    "What the percentage counts",
                    allowed=("positive", "negative", "single choice", "profile"),
                    required=True,
                ),
                Column("percent", "Percentage as published; empty means not published", "number"),
                Column("base", "People who answered; empty means not published", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "survey_items",
            "a question of a survey",
            ("item_id",),
            (
                _id("item_id", "Short name of the question"),
                DOCUMENT,
                AREA,
                Column("label", "What was asked, in our own words"),
                Column("scale", "Answers in their order, divided by semicolons"),
                Column("positive_values", "Answers counted as positive, divided by semicolons"),
                Column("dont_know_values", "Answers that are not one, divided by semicolons"),
                Column("percent", "Percentage as published, where only that is known", "number"),
                Column("base", "People who answered, as published", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "survey_answers",
            "one person's answer",
            ("respondent_id", "item_id"),
            (
                _id("respondent_id", "Pseudonym of the respondent"),
                _in("participants.participant_id", "The same person among the participants, if known"),
                AREA,
                _in("survey_items.item_id", "Question answered", required=True),
                Column("answer", "Answer given"),
            ),
        ),
        StudyTable(
            "kpi_values",
            "one measure in one period",
            ("kpi_id", "period"),
            (
                _id("kpi_id", "Short name of the measure"),
                DOCUMENT,
                AREA,
                Column("label", "What is measured, in our own words"),
                Column("period", "Period as printed", required=True),
                Column(
                    "period_type", "Length of the period", allowed=("year", "quarter", "month"), required=True
                ),
                Column("value", "Value in percent", "number"),
                Column("target", "Target in percent", "number"),
                Column("numerator", "Cases that met the standard, where known", "whole"),
                Column("denominator", "All cases, where known", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "ratings",
            "a quality indicator's rating",
            ("indicator_id",),
            (
                _id("indicator_id", "Number of the indicator"),
                DOCUMENT,
                AREA,
                Column("label", "What was judged, in our own words"),
                Column("rating", "Rating as published", required=True),
                Column("points", "Rating on the inspectorate's scale of 1 to 6", "whole"),
                NOTES,
            ),
        ),
        StudyTable(
            "actions",
            "an improvement action",
            ("action_id",),
            (
                _id("action_id", "Running number of the action"),
                DOCUMENT,
                AREA,
                Column("label", "What is to be done, in our own words"),
                _in("ratings.indicator_id", "Indicator it answers to"),
                Column("key_messages", "Key messages it answers to, divided by semicolons"),
                Column("owner", "Who is responsible, divided by semicolons"),
                Column("due_printed", "When it is due, as printed"),
                Column("due", "Last month it is due", "date"),
                Column("recurring", "Does it recur from then on?", allowed=YES_NO),
                Column(
                    "status",
                    "State at the report's date",
                    allowed=("complete", "in progress", "no update", "not separable"),
                ),
                Column("as_of", "Date of the report", "date"),
                NOTES,
            ),
        ),
        StudyTable(
            "statistics",
            "a published statistic",
            ("document_id", "area_id", "series", "period"),
            (
                DOCUMENT,
                _in("areas.area_id", "Area it describes", required=True),
                Column("series", "What is counted", required=True),
                Column("period", "Year or period", required=True),
                Column("value", "Its value; empty means not available", "number"),
                Column("unit", "Unit of the value", required=True),
                Column("base", "What the value is a share of, where it is one", "number"),
                NOTES,
            ),
        ),
        StudyTable(
            "published_values",
            "a published number, date, list or label that can be recomputed or compared",
            ("document_id", "where", "statement"),
            (
                DOCUMENT,
                Column("where", "Section it stands in", required=True),
                Column("statement", "What it says, in our own words", required=True),
                Column("published", "The value as published"),
                Column("inputs", "What it can be recomputed from, divided by semicolons"),
                Column("rule", "How it is recomputed or compared", allowed=RULES, required=True),
                Column(
                    "read_by", "Found by the machine or taken by a reader", allowed=READERS, required=True
                ),
                NOTES,
            ),
        ),
    )
}


ROW_IDS = (
    {table.name: table.key[0] for table in TABLES.values() if len(table.key) == 1} | UNIT_IDS | OWNER_IDS
)


def nearest(value: str, known) -> str:
    """Return the known value most like this one, or an empty string where none is."""
    return next(iter(get_close_matches(str(value), [str(name) for name in known], n=1)), "")


def one_of(what: str, value: str, known, *, of: str = "") -> str:
    """Return value if it is known; otherwise raise a StudyError that says what is, and what is nearest.

    of   the study that is asked, where there may be doubt
    """
    if value in known:
        return value
    near = nearest(value, known)
    hint = f" Did you mean {near!r}?" if near else ""
    place = f" in the study {of}" if of else ""
    raise StudyError(f"There is no {what} {value!r}{place}; known: {', '.join(map(str, known))}.{hint}")
