"""The camera through AlexNet-64, frames a second and milliseconds, in a real JupyterLab.

    python bench/camera.py [cores]       about a minute and a half; two cores unless said otherwise

Server, kernel and Chromium share the same cores. Chromium's fake camera gives 30 frames a second.
Ours is the LiveViewer as it is. Beside it the same network by the plain way (a PNG data URL in a
trait, lists of numbers back), and by bytes in several forms: what each of our choices is worth.
Latency: from taking the frame to the maps being drawn, median. ipywebrtc, which had a widget for
this, was last released in 2021 and does not load in JupyterLab 4.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lab import lab  # noqa: E402
from machine import machine  # noqa: E402

WAYS = ["ours", "raw, int8", "jpeg, int8", "raw, float32", "png + json"]
WARM, SECONDS = 3, 10
FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def cell(way):
    paths = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'bench')!r}]\n"
    start = "import torch; torch.set_num_threads(len(__import__('os').sched_getaffinity(0)))\n"
    show = "vk.camera(net)" if way == "ours" else f"Plain({way!r})"
    return paths + start + f"from camera_cell import Plain, net, vk\n{show}"


def measure(jupyter, way):
    """One row: frames a second and milliseconds of one way."""
    page = jupyter.open(str(WAYS.index(way)), [cell(way)])
    jupyter.step(page)
    place = ".vk-view" if way == "ours" else ".plain"
    page.wait_for_selector(place, timeout=60_000)
    if way == "ours":
        page.get_by_role("button", name="start", exact=True).click()
    page.wait_for_function(f"() => Number(document.querySelector('{place}').dataset.frames) > 5",
                           timeout=60_000)  # fmt: skip
    page.wait_for_timeout(1000 * WARM)
    data = f"() => [Number(document.querySelector('{place}').dataset.frames), performance.now()]"
    before, start = page.evaluate(data)
    latencies = []
    for _ in range(SECONDS):
        page.wait_for_timeout(1000)
        latencies.append(page.evaluate(f"() => Number(document.querySelector('{place}')"
                                       ".dataset.latency)"))  # fmt: skip
    after, end = page.evaluate(data)
    jupyter.close(page)
    return {"way": way, "frames_per_s": round(1000 * (after - before) / (end - start), 1),
            "latency_ms": round(sorted(latencies)[len(latencies) // 2], 1)}  # fmt: skip


def main():
    rows = []
    with lab(FLAGS, cores=int(sys.argv[1]) if len(sys.argv) > 1 else 2) as jupyter:
        print(f"{'way':16}{'frames/s':>10}{'latency':>12}")
        for way in WAYS:
            row = measure(jupyter, way)
            rows.append(row)
            print(f"{way:16}{row['frames_per_s']:10}{row['latency_ms']:9} ms", flush=True)
    about = machine("torch", "jupyterlab", "anywidget", "ipykernel")
    about |= {"chromium": jupyter.version}
    result = {"machine": about, "network": "AlexNet-64, layer conv1 (96 maps of 31×31) and classes",
              "rows": rows}  # fmt: skip
    target = ROOT / "bench" / "results" / "camera.json"
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("wrote", target.relative_to(ROOT))


if __name__ == "__main__":
    main()
