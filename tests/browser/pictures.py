"""Pictures of the pages as readers meet them: wide, on a phone and dark.

`make pictures`, or by hand: `.venv/bin/python tests/browser/pictures.py OUTPUTS FOLDER`. Each picture is named for its
page and its look; the folder is kept out of the repository.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGES = (
    "index.html",
    "published/chapters/02_themes.html",
    "published/areas/south_lanarkshire/20_case_study_area.html",
    "illustrative/chapters/03_area_types.html",
    "illustrative/areas/area_a/20_case_study_area.html",
)
LOOKS = {"wide": (1280, "light"), "phone": (320, "light"), "dark": (1280, "dark")}


def main(outputs: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=executable).new_page()
        for path in PAGES:
            page.goto((outputs.resolve() / path).as_uri())
            for look, (width, scheme) in LOOKS.items():
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                name = f"{path.removesuffix('.html').replace('/', '-')}-{look}.png"
                page.screenshot(path=folder / name, full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
