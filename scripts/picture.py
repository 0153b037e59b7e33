"""Take the README's picture, docs/page.png: the first screen of the demo's page.

    .venv/bin/python scripts/picture.py

Needs Chromium and the test group. Best with the font Inter installed, which pages prefer.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
WIDTH, HEIGHT = 1280, 868


def main() -> None:
    """Run the demo into a folder that goes away, and photograph its first page."""
    found = subprocess.run([ROOT / "scripts/chromium"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "scoreline", "demo", folder, "--no-open"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        browser = playwright.chromium.launch(
            executable_path=found.stdout.strip(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto((Path(folder) / "bank.html").as_uri())
        shot = ROOT / "docs" / "page.png"
        page.screenshot(path=shot)
        browser.close()
    if packer := shutil.which("optipng"):
        subprocess.run([packer, "-quiet", "-o5", shot], check=True)


if __name__ == "__main__":
    main()
