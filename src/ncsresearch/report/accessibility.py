"""The accessibility statement of the pages: what was tested, how, and what was not."""

from datetime import date

from ncsresearch import __released__
from ncsresearch.report.content import NO_STATUS
from ncsresearch.report.html import page_style

STATEMENT = """\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Accessibility statement – Chapters and area reports</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the statement</a>
<header><p><a href="index.html">All chapters and areas</a></p></header>
<main id="content" class="wide" tabindex="-1">
<h1>Accessibility statement</h1>
<p>For the pages that ncsresearch makes: the first page, the chapters and the area reports. Last reviewed on {day}.</p>
<h2>What you can do on these pages</h2>
<ul>
<li>Read them at up to 400% zoom, or on a phone, without scrolling the page sideways; a wide table or figure scrolls by itself.</li>
<li>Reach every link, every part that folds and every part that scrolls with the keyboard alone.</li>
<li>Read every figure as words, and its data as a table below it.</li>
<li>Use your device's dark colours, or print on A4.</li>
</ul>
<h2>How they were tested</h2>
<p>The rules of axe-core for the Web Content Accessibility Guidelines 2.2, levels A and AA, were run in Chromium on every
page of the embedded studies, 1,280 and 320 pixels wide, in light and dark colours, with everything that folds opened.
They found no failure. Rules find only a part of what can stand in a reader's way.</p>
<h2>What was not tested</h2>
<ul>
<li>No user of a screen reader, of magnification or of speech input has tried the pages.</li>
<li>Firefox and Safari were not tried.</li>
<li>A figure's text does not follow your own text colours, since figures stand on white.</li>
<li>The executed notebooks beside the pages are working files and were not tested.</li>
</ul>
<h2>If something is in your way</h2>
<p>Tell whoever gave you these pages what you needed and where. The same content stands in the CSV files and, where they were
made, in the Word documents and the workbook, which may serve you in the meantime.</p>
</main>
<footer><p>{notice}</p></footer>
</body>
</html>
"""


def accessibility_page() -> str:
    """Return the statement as a page, dated by the package's release and so the same in every run of it."""
    released = date.fromisoformat(__released__)
    return STATEMENT.format(style=page_style(), notice=NO_STATUS, day=f"{released.day} {released:%B %Y}")
