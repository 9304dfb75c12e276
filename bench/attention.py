"""AttentionViewer of 12 layers × 12 heads × 256 tokens, from running the cell to the first picture.

    python bench/attention.py [cores]       about a minute; two cores unless said otherwise

Server, kernel and Chromium share the same cores. Measured in a real JupyterLab: megabytes that
travel, seconds from running the cell until all small maps and the large one are drawn, and
milliseconds from a key until another head is drawn. Beside it what the same weights weigh as JSON
numbers in a page, the usual way to show attention in a notebook: size and time to write them.
"""

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from lab import lab  # noqa: E402
from machine import machine  # noqa: E402

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


def measure(jupyter, size):
    """One row: what travels, the first picture, another head."""
    cells = PREPARE.format(root=str(ROOT), size=size), SHOW, SENT
    page = jupyter.open(f"{size[0]}_{size[2]}", cells)
    jupyter.step(page)
    start = time.perf_counter()
    jupyter.step(page, wait=False)
    first = drawn(page) - start
    jupyter.step(page)
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
    jupyter.close(page)
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
    rows = []
    with lab(cores=int(sys.argv[1]) if len(sys.argv) > 1 else 2) as jupyter:
        for size in SIZES:
            rows.append(measure(jupyter, size) | as_numbers(size))
            print("  ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    about = machine("jupyterlab", "anywidget", "numpy") | {"chromium": jupyter.version}
    target = ROOT / "bench" / "results" / "attention.json"
    target.write_text(json.dumps({"machine": about, "rows": rows}, indent=1, ensure_ascii=False)
                      + "\n", encoding="utf-8")
    print("wrote", target.relative_to(ROOT))


if __name__ == "__main__":
    main()
