"""EmbeddingViewer against jupyter-scatter, in the same JupyterLab and the same headless Chromium.

    python bench/embedding.py            about five minutes

For 10,000, 100,000 and 1,000,000 points in ten labels, positions given: bytes that the notebook's
socket brought to the page, seconds from running the cell to the first pixels of the live canvas,
frames per second while a mouse drags the picture about (animation frames that the browser grants,
with its limit of 60 lifted; WebGL is computed by the processor here). The same for 5,000 points
with colour pictures of 64 pixels, ours alone: the peer shows none. And exact neighbours per
second, of vectors of 64 numbers: jupyter-scatter finds none, so ours are compared with
scikit-learn's kneighbors.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from lab import lab  # noqa: E402
from machine import machine  # noqa: E402
from sklearn.neighbors import NearestNeighbors  # noqa: E402

from vizkit.vectors.neighbours import Neighbours  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
FLAGS = ["--enable-unsafe-swiftshader", "--disable-background-networking",
         "--disable-frame-rate-limit", "--disable-gpu-vsync"]
PREPARE = """
import sys; sys.path.insert(0, {root!r})
import numpy as np, pandas as pd, vizkit as vk, jscatter
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, {count})
positions = rng.normal(size=(10, 2))[labels] + rng.normal(size=({count}, 2)) * 0.3
positions = positions.astype(np.float32)
vectors = rng.normal(size=({count}, 64)).astype(np.float32)
frame = pd.DataFrame(dict(x=positions[:, 0], y=positions[:, 1], label=labels.astype(str)))
frame["label"] = frame["label"].astype("category")
vk.embedding(np.eye(4)).png(); jscatter.Scatter(data=frame[:9], x="x", y="y").widget; None
"""
SHOW = {
    "vizkit": "vk.embedding(vectors, labels=labels, layout=positions)",
    "jupyter-scatter":
        "jscatter.Scatter(data=frame, x='x', y='y', color_by='label', height=470).show()",
}
PICTURES = 5000
CELLS = SHOW | {"vizkit-pictures": f"""
images = rng.integers(0, 255, ({PICTURES}, 64, 64, 3), dtype=np.uint8)
vk.embedding(vectors, images=images, labels=labels, layout=positions)"""}
# The largest canvas of the second cell's output that shows more than one colour.
DRAWN = """() => {
  const cell = document.querySelectorAll(".jp-CodeCell")[1];
  for (const canvas of cell?.querySelectorAll("canvas") ?? []) {
    if (canvas.width < 200 || canvas.closest(".vk-over")) continue;
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer);
    if (new Set(pixels).size > 5) { window.drawnCanvas = canvas; return true; }
  }
  return false;
}"""
FRAMES = """() => new Promise((done) => {
  window.panning = true;
  let count = 0;
  const start = performance.now();
  const next = () => {
    count++;
    if (window.panning) requestAnimationFrame(next);
    else done(count / (performance.now() - start) * 1000);
  };
  requestAnimationFrame(next);
})"""


def measure(jupyter, peer, count):
    """One viewer on a page of its own: a dict of numbers."""
    cells = [PREPARE.format(root=str(ROOT), count=count), CELLS[peer]]
    received = [0]

    def watch(page):
        page.on("websocket", lambda found: found.on(
            "framereceived", lambda data: received.__setitem__(0, received[0] + len(data))))

    page = jupyter.open(f"{peer}-{count}", cells, 1100, watch)
    jupyter.step(page)
    before, start = received[0], time.perf_counter()
    jupyter.step(page, wait=False)
    page.wait_for_function(DRAWN, polling=20)
    first = time.perf_counter() - start
    page.wait_for_timeout(1500)
    sent = received[0] - before
    canvas = page.evaluate_handle("() => window.drawnCanvas").as_element()
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = canvas.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.evaluate(f"() => {{ window.rate = ({FRAMES})(); }}")
    until, turn = time.perf_counter() + 4, 0
    while time.perf_counter() < until:
        turn += 1
        page.mouse.move(middle[0] + 90 * np.sin(turn / 15), middle[1] + 60 * np.sin(turn / 11))
    page.evaluate("() => { window.panning = false; }")
    rate = page.evaluate("() => window.rate")
    page.mouse.up()
    folder_of_shots = os.environ.get("COURSE_SCREENSHOTS")
    if folder_of_shots:
        page.screenshot(path=Path(folder_of_shots) / f"bench-{peer}-{count}.png")
    jupyter.close(page)
    return {"bytes": sent, "first_picture_s": round(first, 2), "frames_per_s": round(rate, 1)}


def neighbours_per_second(count):
    """Queries a second of both, in turns: medians."""
    vectors = np.random.default_rng(0).normal(size=(count, 64)).astype(np.float32)
    asked, turns = (1000, 5) if count < 1_000_000 else (200, 3)
    peers = {"vizkit": Neighbours(vectors).nearest,
             "scikit-learn": NearestNeighbors(algorithm="brute").fit(vectors).kneighbors}
    times = {peer: [] for peer in peers}
    for _ in range(turns + 1):
        for peer, ask in peers.items():
            start = time.perf_counter()
            ask(vectors[:asked], 10)
            times[peer].append(time.perf_counter() - start)
    return {peer: round(asked / statistics.median(taken[1:]), 1) for peer, taken in times.items()}


def main():
    rows = {}
    with lab(FLAGS) as jupyter:
        for peer in SHOW:  # what Chromium does once (compilers, caches) is nobody's to pay
            measure(jupyter, peer, 1000)
        for count in SIZES:
            rows[count] = {peer: measure(jupyter, peer, count) for peer in SHOW}
            rows[count]["neighbours_per_s"] = neighbours_per_second(count)
            for peer, row in rows[count].items():
                told = "  ".join(f"{key} {value:,}" for key, value in row.items())
                print(f"{count:>9,} {peer:18} {told}", flush=True)
        pictures = measure(jupyter, "vizkit-pictures", PICTURES)
        print(f"{PICTURES:>9,} with pictures: {pictures}", flush=True)
    result = {"machine": machine("jupyter-scatter", "jupyterlab", "anywidget", "scikit-learn"),
              "points": rows, "pictures": {PICTURES: pictures}}
    target = ROOT / "bench" / "results" / "embedding.json"
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
