"""The report of an import as a person reads it in a terminal."""


def said(report: dict) -> str:
    """Return a report as lines: what the file held and what became of it, then what changed in the study."""
    lines = [report["source"]]
    rows = [("in file", "kept", "dropped", "kind", "note")]
    rows += [(line["in file"], line["kept"], line["dropped"], line["kind"], _noted(line)) for line in report["file"]]
    lines += [f"  {a:>8} {b:>7} {c:>8}  {kind}{': ' + note if note else ''}" for a, b, c, kind, note in rows]
    lines[1] = lines[1].replace("kind: note", "kind: what became of it")
    changes = [_changed(name, what) for name, what in report["study"].items()]
    lines.append("  in the study: " + ("; ".join(changes) if changes else "nothing changed"))
    lines += [f"  note: {remark}" for remark in report["remarks"]]
    return "\n".join(lines)


def _noted(line: dict) -> str:
    return line["note"] + (f" ({line['example']})" if line["example"] else "")


def _changed(name: str, what: dict) -> str:
    parts = [f"{what['added']} added"] * bool(what["added"])
    for verb in ("changed", "removed"):
        if what[verb]:
            more = ", ..." if len(what[verb]) > 3 else ""
            parts.append(f"{len(what[verb])} {verb}: {', '.join(what[verb][:3])}{more}")
    return f"{name} {', '.join(parts)}"
