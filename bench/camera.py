"""The camera through AlexNet-64, frames a second and milliseconds, in a real JupyterLab.

    python bench/camera.py [cores]       about a minute and a half; two cores unless said otherwise

Server, kernel and Chromium share the same cores. Chromium's fake camera gives 30 frames a second.
Ours is the LiveViewer as it is. Beside it the same network by the plain way (a PNG data URL in a
trait, lists of numbers back), and by bytes in several forms: what each of our choices is worth.
Latency: from taking the frame to the maps being drawn, median. ipywebrtc, which had a widget for
this, was last released in 2021 and does not load in JupyterLab 4.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402
from machine import machine  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

WAYS = ["ours", "raw, int8", "jpeg, int8", "raw, float32", "png + json"]
WARM, SECONDS = 3, 10
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream",
         "--use-fake-ui-for-media-stream"]
TOKEN = "bench"


def cell(way):
    paths = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'bench')!r}]\n"
    start = "import torch; torch.set_num_threads(len(__import__('os').sched_getaffinity(0)))\n"
    show = "vk.camera(net)" if way == "ours" else f"Plain({way!r})"
    return paths + start + f"from camera_cell import Plain, net, vk\n{show}"


def serve(folder):
    """A JupyterLab in that folder: (process, address)."""
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
                          "JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "lab")},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(400):
        try:
            urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=2).close()
            return process, address
        except OSError:
            time.sleep(0.25)
    raise SystemExit("JupyterLab did not start")


def measure(browser, address, folder, way):
    """One row: frames a second and milliseconds of one way."""
    name = f"{WAYS.index(way)}.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell(way))])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / name)
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.goto(f"{address}/lab/workspaces/auto-{time.time_ns()}/tree/{name}?token={TOKEN}")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session"
                           "?.kernel?.status === 'idle'", timeout=120_000)  # fmt: skip
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
                  ".then(() => null)")  # fmt: skip
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
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    context.close()
    return {"way": way, "frames_per_s": round(1000 * (after - before) / (end - start), 1),
            "latency_ms": round(sorted(latencies)[len(latencies) // 2], 1)}  # fmt: skip


def main():
    cores = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
    folder = Path(tempfile.mkdtemp())
    process, address = serve(folder)
    program = os.environ.get("COURSE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    rows = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            print(f"{'way':16}{'frames/s':>10}{'latency':>12}")
            for way in WAYS:
                row = measure(browser, address, folder, way)
                rows.append(row)
                print(f"{way:16}{row['frames_per_s']:10}{row['latency_ms']:9} ms", flush=True)
            version = browser.version
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
    about = machine("torch", "jupyterlab", "anywidget", "ipykernel") | {"chromium": version}
    result = {"machine": about, "network": "AlexNet-64, layer conv1 (96 maps of 31×31) and classes",
              "rows": rows}  # fmt: skip
    target = ROOT / "bench" / "results" / "camera.json"
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("wrote", target.relative_to(ROOT))


if __name__ == "__main__":
    main()
