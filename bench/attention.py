"""AttentionViewer of 12 layers × 12 heads × 256 tokens, from running the cell to the first picture.

    python bench/attention.py [cores]       about a minute; two cores unless said otherwise

Server, kernel and Chromium share the same cores. Measured in a real JupyterLab: megabytes that
travel, seconds from running the cell until all small maps and the large one are drawn, and
milliseconds from a key until another head is drawn. Beside it what the same weights weigh as JSON
numbers in a page, the usual way to show attention in a notebook: size and time to write them.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402
import numpy as np  # noqa: E402
from camera import BROWSERS, FLAGS, TOKEN, serve  # noqa: E402
from machine import machine  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

SIZES = [(4, 4, 64), (12, 12, 256), (12, 12, 1024)]
PREPARE = """
import sys; sys.path.insert(0, {root!r})
import numpy as np, vizkit as vk
layers, heads, tokens = {size}
rng = np.random.default_rng(0)
weights = np.tril(rng.random((layers, heads, tokens, tokens), np.float32) ** 16)
weights /= weights.sum(-1, keepdims=True)
vk.attention(weights[:1, :1, :2, :2] * 0, ["a", "b"]).png()  # what is loaded once
"""
SHOW = """
viewer = vk.attention(weights, [f" w{k}" for k in range(tokens)])
viewer
"""
SENT = """
sum(len(v["data"]) for v in viewer.get_state().values() if isinstance(v, dict) and "dtype" in v)
"""


def drawn(page):
    """Wait until both canvases of the viewer show more than one colour; returns the time."""
    page.wait_for_function("""() => {
      const shown = [...document.querySelectorAll(".vk-attention canvas")].slice(0, 2);
      return shown.length === 2 && shown.every((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 8;
      });
    }""", timeout=120_000, polling=20)
    return time.perf_counter()


def measure(browser, address, folder, size):
    """One row: what travels, the first picture, another head."""
    name = f"{size[0]}_{size[2]}.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in (
        PREPARE.format(root=str(ROOT), size=size), SHOW, SENT)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / name)
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.goto(f"{address}/lab/workspaces/auto-{time.time_ns()}/tree/{name}?token={TOKEN}")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session"
                           "?.kernel?.status === 'idle'", timeout=120_000)
    step = ("() => window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')"
            ".then(() => null)")
    page.set_default_timeout(300_000)
    page.evaluate(step)
    start = time.perf_counter()
    page.evaluate(step)
    first = drawn(page) - start
    page.evaluate(step)
    page.wait_for_function("() => /^\\d+$/.test([...document.querySelectorAll("
                           "'.jp-OutputArea-output')].at(-1)?.innerText.trim())")
    sent = int(page.locator(".jp-OutputArea-output").last.inner_text())
    sheet, times = page.locator(".vk-attention canvas").first, []
    sheet.focus()
    for head in range(1, min(9, size[1])):
        start = time.perf_counter()
        sheet.press("ArrowRight")
        page.wait_for_function(f"""() => document.querySelector('.vk-attention .vk-one .vk-heading')
          .textContent.endsWith('head {head}')""", polling=5)
        times.append(1000 * (time.perf_counter() - start))
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    context.close()
    return {"layers": size[0], "heads": size[1], "tokens": size[2], "sent_mb": round(sent / 1e6, 2),
            "first_picture_s": round(first, 2), "next_head_ms": round(float(np.median(times)))}


def as_numbers(size):
    """The same weights as JSON numbers of four digits: megabytes, and seconds to write them."""
    layers, heads, tokens = size
    one = np.tril(np.random.default_rng(0).random((tokens, tokens), np.float32) ** 16)
    one = (one / one.sum(-1, keepdims=True)).astype(float).round(4)
    start = time.perf_counter()
    length = len(json.dumps(one.tolist()))
    took = time.perf_counter() - start
    return {"json_mb": round(length * layers * heads / 1e6, 1),
            "json_s": round(took * layers * heads, 2)}


def main():
    cores = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
    folder, rows = Path(tempfile.mkdtemp()), []
    process, address = serve(folder)
    program = os.environ.get("COURSE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            for size in SIZES:
                rows.append(measure(browser, address, folder, size) | as_numbers(size))
                print("  ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
            version = browser.version
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
    about = machine("jupyterlab", "anywidget", "numpy") | {"chromium": version}
    target = ROOT / "bench" / "results" / "attention.json"
    target.write_text(json.dumps({"machine": about, "rows": rows}, indent=1, ensure_ascii=False)
                      + "\n", encoding="utf-8")
    print("wrote", target.relative_to(ROOT))


if __name__ == "__main__":
    main()
