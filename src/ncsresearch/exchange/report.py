"""The report of an import as a person reads it in a terminal."""


def said(report: dict) -> str:
    """Return a report as lines: what the file held and what became of it, then what changed in the study."""
    lines = [report["source"]]
    lines += ["   in file    kept changed dropped  kind: what became of it"]
    for line in report["file"]:
        numbers = f"{line['in file']:>10}{line['kept']:>8}{line['changed']:>8}{line['dropped']:>8}"
        lines.append(f"{numbers}  {line['kind']}{_noted(line)}")
    changes = [_changed(name, what) for name, what in report["study"].items()]
    lines.append("  in the study: " + ("; ".join(changes) if changes else "nothing changed"))
    lines += [f"  note: {remark}" for remark in report["remarks"]]
    return "\n".join(lines)


def _noted(line: dict) -> str:
    note = f": {line['note']}" if line["note"] else ""
    return note + (f" ({line['example']})" if line["example"] else "")


def _changed(name: str, what: dict) -> str:
    parts = [f"{what['added']} added"] * bool(what["added"])
    for verb in ("changed", "removed"):
        if what[verb]:
            more = ", ..." if len(what[verb]) > 3 else ""
            parts.append(f"{len(what[verb])} {verb}: {', '.join(what[verb][:3])}{more}")
    return f"{name} {', '.join(parts)}"
