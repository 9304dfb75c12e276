"""AtlasViewer in JupyterLab: real activations, drawn without dreams; mouse, keys, both themes."""

CELL = """
import numpy as np
import vizkit as vk
from coursekit import models
from sklearn.datasets import load_digits
digits = load_digits()
net = vk.Net(models.load("lenet"))
rng = np.random.default_rng(0)
base = rng.normal(size=(3, 120))

def draw(directions):  # a colour and a pattern for each direction, in place of a dream
    directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    colour = np.clip(128 + 500 * (directions - directions.mean(0)) @ base.T, 0, 255)
    pictures = np.repeat(np.repeat(colour[:, None, None], 32, 1), 32, 2)
    pictures[:, ::4] *= 0.6
    return pictures.astype(np.uint8), np.ones(len(directions))

viewer = vk.atlas(net, "relu5", (digits.images * 15.9).astype(np.uint8), layout="pca",
                  labels=digits.target, names=["zero", "one", "two", "three", "four", "five", "six",
                  "seven", "eight", "nine"], grid=(4, 8, 16), draw=draw, whiten=False)
viewer
"""


def middle_of(lab, box, cell):
    """Pixels of a cell in the view of the whole map, by the same arithmetic as the viewer's."""
    level = lab.ask(f"max(k for k, f in enumerate(viewer.first) if f <= {cell})")
    side, number = map(int, lab.ask(f"viewer.sides[{level}], viewer.number[{cell}]").split())
    scale = min(box["width"], box["height"]) - 20
    x, y = (number % side + 0.5) / side - 0.5, (number // side + 0.5) / side - 0.5
    return {"x": box["width"] / 2 + x * scale, "y": box["height"] / 2 - y * scale}


def test_an_atlas_is_explored_by_mouse_and_keys_in_both_themes(lab):
    view = lab.show(CELL)
    sheet = view.locator("canvas.vk-map")
    sheet.scroll_into_view_if_needed()
    lab.until(lambda: sheet.get_attribute("data-ready") == "yes")
    assert lab.painted(sheet) > 20
    assert not lab.page.locator("img.vk-picture").first.is_visible()
    grid = int(sheet.get_attribute("data-level"))
    assert grid == 1, "8 × 8 at first: finer cells would be too small to see"

    # Hover: what the fullest cell is strongest in, as Python counted it.
    box = sheet.bounding_box()
    full = int(lab.ask("viewer.first[1] + int(viewer.count[viewer.cells(1)].argmax())"))
    sheet.hover(position=middle_of(lab, box, full))
    name = lab.ask(f"viewer.classes({full})[0][0]")
    count = lab.ask(f"viewer.count[{full}]")
    tip = view.locator(".vk-tip")
    assert tip.is_visible() and tip.inner_text().startswith(name)
    assert f"{count} activations" in tip.inner_text() and lab.painted(tip.locator("canvas")) > 1
    assert name in view.locator(".vk-status").inner_text()

    # Click: the plate, and the cells most alike, as Python measured them.
    sheet.click(position=middle_of(lab, box, full))
    lab.becomes("viewer.chosen", str(full))
    near = view.locator(".vk-near")
    assert near.count() == 8 and lab.painted(view.locator(".vk-plate > canvas")) > 1
    cosine = float(lab.ask(f"float(viewer.alike[{full}, 0])"))
    assert near.first.inner_text() == f"{cosine:.2f}"
    elsewhere = lab.ask("sum(not bool(c) for c in __import__('vizkit.atlases.cells').atlases.cells."
                        f"beside(viewer.number[viewer.near[{full}]], viewer.number[{full}], 8))")
    assert view.locator(".vk-near.vk-far").count() == int(elsewhere)
    lab.screenshot("atlas-light", view)
    near.first.focus()
    near.first.press("Enter")
    lab.becomes("viewer.chosen", lab.ask(f"viewer.near[{full}, 0]"))

    # Keys: from cell to cell, choose, forget, zoom; finer grids come by themselves and go again.
    sheet.focus()
    before = int(lab.ask("viewer.chosen"))
    sheet.press("ArrowRight")
    sheet.press("ArrowUp")
    sheet.press("Enter")
    lab.until(lambda: int(lab.ask("viewer.chosen")) not in (before, -1))
    row, column = (int(lab.ask(f"(viewer.number[viewer.chosen] {op} 8)"))
                   - int(lab.ask(f"(viewer.number[{before}] {op} 8)")) for op in ("//", "%"))
    assert (row, column) != (0, 0) and row >= 0 and column >= 0, "right and up, over gaps"
    sheet.press("Escape")
    lab.becomes("viewer.chosen", "-1")
    for _ in range(3):
        sheet.press("+")
    lab.until(lambda: sheet.get_attribute("data-level") == "2")
    near_by = int(sheet.get_attribute("data-cells"))
    assert 0 < near_by < int(lab.ask("len(viewer.number) - viewer.first[2]"))
    lab.screenshot("atlas-near", view)
    sheet.press("0")
    lab.until(lambda: sheet.get_attribute("data-level") == "1")

    # Drag pans and chooses nothing; the wheel zooms where the mouse is.
    frames = int(sheet.get_attribute("data-frames"))
    lab.page.mouse.move(box["x"] + 100, box["y"] + 100)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 400, box["y"] + 130, steps=4)
    lab.page.mouse.up()
    lab.until(lambda: int(sheet.get_attribute("data-frames")) > frames)
    drawn = int(sheet.get_attribute("data-cells"))
    assert drawn < int(lab.ask("viewer.first[2] - viewer.first[1]")), "some are out of view"
    assert lab.ask("viewer.chosen") == "-1"
    lab.page.mouse.wheel(0, -900)
    lab.until(lambda: sheet.get_attribute("data-level") == "2")
    sheet.press("0")

    # A grid of one's own choice, and a class that is looked for; from the page and from Python.
    view.locator("select").select_option("0")
    lab.becomes("viewer.detail", "0")
    lab.until(lambda: sheet.get_attribute("data-level") == "0")
    lab.ask("setattr(viewer, 'detail', 1)")
    lab.until(lambda: sheet.get_attribute("data-level") == "1")
    view.locator("input[type=search]").fill("sev")
    lab.page.wait_for_selector("text=/cells have “sev” among/")
    lab.becomes("viewer.search", "sev")
    lab.screenshot("atlas-search", view)
    lab.ask("setattr(viewer, 'search', 'whale')")
    lab.page.wait_for_selector("text=no cell here has “whale”")
    lab.ask("setattr(viewer, 'search', '')")

    # Dark: the paper turns, the pictures do not.
    lab.ask(f"setattr(viewer, 'chosen', {full})")
    corner = "(node) => [...node.getContext('2d').getImageData(2, 2, 1, 1).data]"
    light = sheet.evaluate(corner)
    lab.theme("Dark")
    lab.until(lambda: sum(sheet.evaluate(corner)[:3]) < 200)
    assert sum(light[:3]) > 700
    lab.screenshot("atlas-dark", view)
    lab.theme("Light")

    # Without a kernel the stored picture says the same.
    lab.reopen_without_kernel()
    picture = lab.page.locator("img.vk-picture").first
    assert picture.is_visible()
    assert "1,797 activations of layer relu5" in picture.get_attribute("alt")
