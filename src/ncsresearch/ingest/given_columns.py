"""What --map said of the columns of a file, used again for the next file of the same headings or the same name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ncsresearch.ingest.fields import ONCE, parted_pairs
from ncsresearch.ingest.imported_file import Line, all_kept

# fields that are taken from the column that had them when another is given them
OF_ONE_COLUMN = (*ONCE, "wave", "interviewer")


@dataclass(frozen=True)
class Given:
    """What --map says of a file.

    file     its name
    columns  its headings in order; none of a transcript, where they are the names of speakers
    fields   the field that each column was given
    before   how many of these fields an earlier import was given, and not this one
    """

    file: str
    columns: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    before: int = 0

    @property
    def maps(self) -> list[str]:
        """The fields as --map has them."""
        return [f"{column}={meant}" for column, meant in self.fields.items()]

    def kept(self) -> dict:
        """Return what is kept of it in the study; empty where nothing was given."""
        about = {"file": self.file, "columns": list(self.columns), "fields": dict(self.fields)}
        return about if self.fields else {}

    def lines(self) -> list[Line]:
        """Return the lines of an account that say what is read as an earlier --map or --interviewer had it."""
        again = dict(list(self.fields.items())[: self.before])
        asking = [name for name, meant in again.items() if meant == "interviewer"]
        read = [f"{column} = {meant}" for column, meant in again.items() if meant != "interviewer"]
        said = [
            ("column read as --map gave it before", read),
            ("speaker who asks, as --interviewer said before", asking),
        ]
        return [all_kept(kind, len(names), "; ".join(names)) for kind, names in said if names]


def given_for(file: str, columns: Collection[str], maps: list[str], known: Iterable[Given]) -> Given:
    """Return what --map says of a file: now, and for the other columns what it said of one of its headings, or else of its name.

    known  what earlier imports were given, the newest last. A field that one column alone can be, and is given to another
           now, is taken from the one that had it.
    """
    now = {column: meant for column, _, meant in parted_pairs(maps) if column in columns}
    known = list(known)
    of_these = [each.fields for each in known if set(each.columns) == set(columns)]
    then = (of_these or [each.fields for each in known if each.file == file] or [{}])[-1]
    taken = {meant for meant in now.values() if meant in OF_ONE_COLUMN}
    again = {
        column: meant
        for column, meant in then.items()
        if column in columns and column not in now and meant not in taken
    }
    fields = again | now
    are_names = set(fields.values()) == {"interviewer"}
    return Given(file, () if are_names else tuple(sorted(columns)), fields, len(again))
