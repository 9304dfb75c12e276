"""Several viewers on one page: each keeps its own style and keys, and Shift-Enter runs the cell."""

CELLS = ("""
import numpy as np, vizkit as vk
rng = np.random.default_rng(0)
runs = globals().get("runs", 0) + 1
vk.embedding(rng.normal(size=(40, 5)), labels=list("ab") * 20)
""", """
kernels = vk.kernels(rng.normal(size=(6, 5, 5)))
kernels
""", """
maps = vk.maps(rng.normal(size=(6, 9, 9)))
maps
""", """
plane = vk.boundary(lambda X, w: X[:, 0] - w, [[0.5, 0.5]], [1], parameters={"w": 0.5})
plane
""", """
pad = vk.sketch(lambda picture: {"ink": picture.mean() / 255})
pad
""", """
watch = vk.monitor("run")
for step in range(9):
    watch.step({"step": step, "loss": 1 / (step + 1)})
watch
""", """
from vizkit import views
dreams = views.DreamViewer(
    images=rng.integers(0, 256, (6, 8, 8, 3), dtype=np.uint8), titles=list("abcdef"),
    scores=np.ones(6), start=np.zeros(6), history=np.ones((3, 6)), seeds=[0] * 6)
dreams
""", """
heads = vk.attention(np.full((3, 5, 5), 0.2), list("abcde"))
heads
""", """
following = vk.next_token(lambda ids: np.arange(5.0), list("abcde"), [0])
following
""")  # fmt: skip


def test_styles_and_keys_stay_with_their_viewer(lab):
    views = lab.show(*CELLS)
    assert views.count() == 9
    embedding, kernels, maps, plane, pad, watch, dreams, heads, following = map(views.nth, range(9))

    # A colour scale lies between its ends, although the embedding's legend is a column.
    for view in (kernels, maps):
        low, strip, high = (view.locator(".vk-legend > *").nth(k).bounding_box() for k in range(3))
        assert low["x"] < strip["x"] < high["x"] and abs(low["y"] - high["y"]) < 2
    # A name in the embedding's legend stands beside its sign, although the Sketchpad's are right.
    swatch = embedding.locator(".vk-entry .vk-swatch").first.bounding_box()
    letter = embedding.locator(".vk-entry .vk-name").first
    assert letter.evaluate("node => getComputedStyle(node).textAlign") != "right"
    assert letter.bounding_box()["x"] - swatch["x"] < 30

    # A point under the pointer does not take the plane out of the page.
    canvas = plane.locator("canvas")
    canvas.hover(position={"x": 44 + 400 * 2 / 3, "y": 8 + 400 / 3})
    plane.locator("canvas.vk-over").wait_for()
    assert canvas.evaluate("node => getComputedStyle(node).position") == "static"

    # Keys of a sheet choose its pictures; the cell that JupyterLab has chosen stays the same.
    active = ("() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')]"
              ".findIndex((cell) => cell.classList.contains('jp-mod-active'))")
    for view, name in ((kernels, "kernels"), (maps, "maps"), (dreams, "dreams"),
                       (heads, "heads")):
        sheet = view.locator(".vk-scroll canvas")
        sheet.click(position={"x": 20, "y": 20})
        lab.becomes(f"{name}.selected", "0")
        before = lab.page.evaluate(active)
        for key in ("ArrowRight", "End", "End", "ArrowDown", "Home", "ArrowUp"):
            sheet.press(key)
        lab.becomes(f"{name}.selected", "0")
        assert lab.page.evaluate(active) == before

    # Two d's delete a cell in JupyterLab's command mode; pressed in a viewer they do nothing.
    cells = lab.page.locator(".jp-Notebook .jp-Cell").count()
    for view in (kernels, maps, plane, pad, watch, dreams, heads):
        sheet = view.locator("canvas[tabindex='0']").first
        sheet.focus()
        sheet.press("d")
        sheet.press("d")
    assert lab.page.locator(".jp-Notebook .jp-Cell").count() == cells

    # Shift-Enter runs the cell of every viewer from where the focus is.
    for view, name in ((kernels, "kernels"), (maps, "maps"), (plane, "plane"), (pad, "pad"),
                       (watch, "watch"), (dreams, "dreams"), (heads, "heads"),
                       (following, "following")):
        was = lab.ask(f"id({name})")
        lab.ask(f"globals().__setitem__('kept', {name})")  # so that the new one has another id
        sheet = view.locator("canvas[tabindex='0'], [role=listbox]").first
        sheet.click(position={"x": 20, "y": 20})
        sheet.press("Shift+Enter")
        lab.until(lambda name=name, was=was: lab.ask(f"id({name})") != was)
    lab.screenshot("side-by-side")
