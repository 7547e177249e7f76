"""The one map of REFI-QDA that reading and writing both follow: what of the standard stands where in a study."""

NAMESPACES = ("urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0")
VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
TOLD_AS = "How this coding is told"
WHOLE_SOURCE = "whole source"
NO_DOCUMENT = "no document"
MADE_ON_EXPORT = "Made on export, to tell how other codes of the passage are meant."
DESCRIBED = {
    "Id": "code_id",
    "Include": "include",
    "Exclude": "exclude",
    "Facet": "facet",
    "Version": "version",
    "Remark": "notes",
    "Document": "document_id",
    "Title": "title",
    "Short title": "short_title",
    "Publisher": "publisher",
    "Year": "year",
    "Licence": "licence",
    "Address": "url",
    "File hash": "file_sha256",
    "Interview": "interview",
    "Text": "text_is",
    "Kind": "kind",
    "Section": "section",
    "Condition": "condition",
    "Read by": "read_by",
    "Ordinal": "ordinal",
    "Area": "area_id",
    "Area name": "name",
    "Area type": "area_type",
    "Classification": "classification",
    "GSS code": "gss_code",
    "Population": "population",
    "Population year": "population_year",
    "Case study": "case_study",
    "Report": "report",
}
DESCRIPTIONS = {
    "codebook": ("code_id", "include", "exclude", "facet", "version", "notes"),
    "documents": ("short_title", "publisher", "year", "licence", "url", "file_sha256", "area_id"),
    "segments": ("label", "section", "condition", "notes", "kind", "read_by", "ordinal"),
}
ATTRIBUTES = {
    "Code": {"guid": "code_id", "name": "label", "color": "colour"},
    "Set": {"guid": "set_id", "name": "label"},
    "Link": {"guid": "link_id", "name": "kind", "originGUID": "from_id", "targetGUID": "to_id"},
}
MEMBERS = {"MemberCode": "codebook", "MemberSource": "documents", "MemberNote": "notes"}
DIRECTIONS = {"OneWay": "from one to the other", "Bidirectional": "both ways"}
VARIABLES = {
    "interviews": {
        "area": "area_id",
        "participant group": "participant_group",
        "mode": "mode",
        "number": "number",
    },
    "participants": {"area": "area_id", "participant group": "participant_group"},
}
MEANT = {"stance": "stance", "client group": "about_client_group", "area type": "about_area_type"}
HEADINGS = {"stance": "Told as", "client group": "About client group", "area type": "About area type"}
NOT_FOR_CODING = "a heading: not for coding"
COMPOSED = "composed of its passages"
SOURCES = {
    "TextSource": "text",
    "PDFSource": "PDF",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
SELECTIONS = (
    *("PlainTextSelection", "PDFSelection", "PictureSelection", "AudioSelection"),
    *("VideoSelection", "TranscriptSelection"),
)
REGION = (
    *("startPosition", "endPosition", "page", "firstX", "firstY", "secondX", "secondY"),
    *("begin", "end", "fromSyncPoint", "toSyncPoint"),
)
STRUCTURE = (
    *("Project", "Users", "CodeBook", "Codes", "Variables", "Cases", "Sources", "Notes", "Links", "Sets"),
    *("Description", "PlainTextContent", "CodeRef", "VariableRef", "Representation", "TextDescription"),
    *VALUES,
)
UNTOLD = "kept in the account only: the study has no place for it"
NO_PLACE = (
    *("summaries", "survey_items", "survey_answers", "comment_counts", "poll_results", "kpi_values"),
    *("ratings", "actions", "statistics", "published_values"),
)


def described(text: str) -> dict[str, str]:
    """Return what a description says: its words, and the lines "Include: ...", "Facet: ..." that follow them."""
    told, words = {}, []
    for line in text.splitlines():
        name, mark, value = line.partition(": ")
        if mark and name in DESCRIBED:
            told[DESCRIBED[name]] = value.strip()
        else:
            words.append(line)
    definition = "\n".join(words).strip()
    return ({"definition": definition} if definition else {}) | told
