"""A JupyterLab and a headless Chromium to measure in: notebooks are opened, one page each."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "bench"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
READY = """() => window.jupyterapp?.shell?.currentWidget?.context?.isReady
  && window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === "idle" """
NEXT = """(wait) => {
  const done = window.jupyterapp.commands.execute("notebook:run-cell-and-select-next");
  return wait ? done.then(() => null) : null;
}"""


class Lab:
    """What a measurement needs: pages with notebooks; `version` of Chromium."""

    def __init__(self, browser, address, folder):
        self.browser, self.address, self.folder = browser, address, folder
        self.version = browser.version

    def open(self, name, cells, height=1000, watch=None):
        """The page of a notebook with these cells, its kernel idle, none of them run yet.

        watch: a function of the page, called before it loads.
        """
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        page = self.browser.new_page(viewport={"width": 1280, "height": height})
        page.set_default_timeout(300_000)
        if watch:
            watch(page)
        workspace = f"{self.address}/lab/workspaces/auto-{time.time_ns()}"
        page.goto(f"{workspace}/tree/{name}.ipynb?token={TOKEN}")
        page.wait_for_function(READY)
        page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0 }")
        return page

    def step(self, page, wait=True):
        """Run the next cell; wait: until it has run, else only until it was asked for."""
        page.evaluate(NEXT, wait)

    def close(self, page):
        """End a page's kernel, and the page."""
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        page.close()


@contextmanager
def lab(flags=(), cores=None):
    """A Lab, whose server, kernels and browser share this process's cores, or the last `cores`."""
    if cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
    program = os.environ.get("COURSE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    folder = Path(tempfile.mkdtemp())
    process, address = serve(folder)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-gpu", *flags])
            yield Lab(browser, address, folder)
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def serve(folder):
    """A JupyterLab in that folder that knows nobody's settings: (process, address)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = folder / "home"
    home.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root",
         "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
         "--LabApp.expose_app_in_browser=True", "--LabApp.news_url="],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"),
                          "JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "lab"),
                          "JUPYTER_PREFER_ENV_PATH": "1"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(400):
        try:
            urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=2).close()
            return process, address
        except OSError:
            time.sleep(0.25)
    process.terminate()
    raise SystemExit("JupyterLab did not start within 100 s")
