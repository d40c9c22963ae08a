"""The report in a real browser: nothing runs, nothing is asked of the network, and it prints."""

import shutil
import subprocess

import pytest
from views.example_park import loop
from views.test_report import hostile_loop

from mfa.views import write_report

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: pages are not opened in a browser")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update",
         "--host-resolver-rules=MAP * ~NOTFOUND"]  # fmt: skip


def browse(page, folder, *flags):
    """Open a page in an empty profile and return what the browser printed."""
    command = [BROWSER, *QUIET, f"--user-data-dir={folder / 'profile'}", *flags, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=folder).stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hostile_page_runs_nothing(tmp_path, language):
    page = write_report(hostile_loop(), tmp_path, language)
    dom = browse(page, tmp_path, "--dump-dom")
    assert "<script" not in dom
    assert "onerror" not in dom.replace("onerror=alert(1)&gt;", "")
    assert dom.count("<section") == 13


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_prints_to_a_few_sheets(tmp_path, language):
    page = write_report(loop(), tmp_path, language)
    sheet = tmp_path / "report.pdf"
    browse(page, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={sheet}")
    data = sheet.read_bytes()
    assert data.startswith(b"%PDF")
    assert 4 <= data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") <= 20
    assert b"MfaSansSC" in data
