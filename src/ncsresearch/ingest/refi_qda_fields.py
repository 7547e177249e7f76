"""What reading and writing REFI-QDA share: its names, and how a description carries fields the standard lacks."""

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
DOCUMENT_FIELDS = ("short_title", "publisher", "year", "licence", "url", "file_sha256", "area_id")
PASSAGE_FIELDS = ("label", "section", "condition", "notes", "kind", "read_by", "ordinal")


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
