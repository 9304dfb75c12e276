"""EmbeddingViewer in JupyterLab: real digits, explored by mouse and keys, in both themes."""

CELL = """
import numpy as np
import vizkit as vk
from sklearn.datasets import load_digits
digits = load_digits()
viewer = vk.embedding(digits.data, images=digits.images, labels=digits.target)
viewer
"""


def place_of(lab, points, index):
    """Pixels of a point in the view of all points, by the same arithmetic as the viewer's."""
    width, height = points.bounding_box()["width"], points.bounding_box()["height"]
    x, y, left, right, low, high = map(float, lab.ask(
        f"*(viewer.places[{index}] / 65534), *viewer.extent").split())
    longest = max(right - left, high - low)
    world = (right - left) / longest, (high - low) / longest
    scale = min((width - 48) / world[0], (height - 48) / world[1])
    return {"x": (x - 0.5) * world[0] * scale + width / 2,
            "y": height / 2 - (y - 0.5) * world[1] * scale}


def pixels(points):
    return points.evaluate("""(canvas) => {
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d");
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      let hash = 0;
      for (let i = 0; i < data.length; i += 4) {
        hash = (hash * 31 + data[i] * 65536 + data[i + 1] * 256 + data[i + 2]) | 0;
      }
      return hash;
    }""")


def changed(lab, points, before):
    """Wait until the picture is another one; returns it."""
    for _ in range(50):
        now = pixels(points)
        if now != before:
            return now
        lab.page.wait_for_timeout(100)
    raise AssertionError("the picture stayed as it was")


def test_digits_are_explored_by_mouse_and_keys_in_both_themes(lab):
    view = lab.show(CELL)
    points = view.locator("canvas.vk-points")
    points.scroll_into_view_if_needed()
    lab.page.wait_for_timeout(400)
    assert lab.painted(points) > 50
    assert not lab.page.locator("img.vk-picture").first.is_visible()
    first = pixels(points)

    # Hover: the picture and label of the point under the mouse; the rightmost one stands alone.
    alone = lab.ask("int(viewer.positions[:, 0].argmax())")
    points.hover(position=place_of(lab, points, alone))
    label = lab.ask(f"viewer.labels[{alone}]")
    tip = view.locator(".vk-tip")
    assert tip.is_visible() and tip.inner_text() == f"{label} · #{alone}"
    assert lab.painted(tip.locator("canvas")) > 3

    # Click: the true neighbours, as Python measures them.
    points.click(position=place_of(lab, points, alone))
    true_ones = "document.querySelectorAll('.vk-neighbour:not(.vk-false)')"
    lab.page.wait_for_function(f"() => {true_ones}.length === 10")
    apart = f"((digits.data - digits.data[{alone}]) ** 2).sum(1)"
    true = lab.ask(f"np.argsort({apart}, kind='stable')[1]")
    nearest = view.locator(".vk-neighbour").first
    assert f"#{true}" in nearest.inner_text()
    assert "nearest neighbours are also the nearest in this picture" in view.inner_text()
    assert lab.painted(view.locator("canvas.vk-over")) > 5
    lab.screenshot("embedding-light", view)
    nearest.focus()
    nearest.press("Enter")  # through the neighbours of neighbours by keyboard
    lab.page.wait_for_selector(f".vk-chosen:has-text('#{true}')")
    assert lab.ask("viewer.chosen") == true

    # Keys: pan, zoom, all, forget.
    points.focus()
    points.press("ArrowRight")
    moved = changed(lab, points, first)
    points.press("+")
    changed(lab, points, moved)
    points.press("0")
    lab.page.wait_for_timeout(200)
    assert pixels(points) == first
    points.press("Escape")
    lab.page.wait_for_selector(".vk-card", state="hidden")
    assert lab.ask("viewer.chosen, viewer.near") == "-1 None"
    points.press("Enter")
    lab.page.wait_for_selector(".vk-card", state="visible")
    points.press("Escape")

    # Drag pans, the wheel zooms where the mouse is; a page that scrolls past is not held up.
    box = points.bounding_box()
    lab.page.mouse.move(box["x"] + 100, box["y"] + 100)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 160, box["y"] + 130, steps=4)
    lab.page.mouse.up()
    dragged = changed(lab, points, first)
    assert lab.ask("viewer.chosen") == "-1"
    lab.page.mouse.wheel(0, -400)
    changed(lab, points, dragged)
    lab.screenshot("embedding-near", view)
    points.press("0")
    lab.page.wait_for_timeout(200)
    assert pixels(points) == first

    # The legend: a click isolates, Shift-click hides, a second click shows all.
    entry = view.locator(".vk-entry").nth(3)
    entry.click()
    isolated = changed(lab, points, first)
    assert lab.ask("viewer.hidden") == "[0, 1, 2, 4, 5, 6, 7, 8, 9]"
    entry.press("Enter")
    changed(lab, points, isolated)
    entry.click(modifiers=["Shift"])
    lab.page.wait_for_timeout(200)
    assert lab.ask("viewer.hidden") == "[3]"
    entry.press("Shift+Enter")
    lab.page.wait_for_timeout(200)
    assert pixels(points) == first

    # Search, from the page and from Python.
    view.locator("input[type=search]").fill("7")
    lab.page.wait_for_selector("text=179 found")
    changed(lab, points, first)
    lab.ask("setattr(viewer, 'search', 'nothing such')")
    lab.page.wait_for_selector("text=no label or name has “nothing such”")
    lab.ask("setattr(viewer, 'search', '')")
    lab.page.wait_for_timeout(300)
    assert pixels(points) == first
    assert view.locator("input[type=search]").input_value() == ""

    # Lasso around everything right of the middle, with the button and with the key.
    width, height = box["width"], box["height"]
    view.locator("button:has-text('lasso')").click()
    box = points.bounding_box()
    lab.page.mouse.move(box["x"] + width / 2, box["y"] + 3)
    lab.page.mouse.down()
    for x, y in ((width - 3, 3), (width - 3, height - 3), (width / 2, height - 3), (width / 2, 3)):
        lab.page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    lab.page.mouse.up()
    changed(lab, points, first)
    right = lab.ask("sorted(np.flatnonzero(viewer.places[:, 0] > 32767).tolist())"
                    " == viewer.selection.tolist()")
    assert right == "True"
    lab.screenshot("embedding-lasso", view)
    view.locator("button:has-text('lasso')").click()
    points.press("Escape")
    lab.page.wait_for_timeout(300)
    assert lab.ask("viewer.selection") == "None"

    # t-SNE, in the dark.
    lab.theme("Dark")
    dark = changed(lab, points, first)
    view.locator("select").first.select_option("tsne")
    lab.page.wait_for_selector("text=layout t-SNE", timeout=120000)
    lab.page.wait_for_timeout(1200)
    changed(lab, points, dark)
    assert "the axes have no meaning" in view.locator(".vk-axis").first.inner_text()
    lab.screenshot("embedding-dark", view)

    # The browser takes the graphics memory away and gives it back.
    lab.page.evaluate("""() => {
      const gl = document.querySelector("canvas.vk-points").getContext("webgl2");
      window.taken = gl.getExtension("WEBGL_lose_context");
      window.taken.loseContext();
    }""")
    view.locator(".vk-lost").wait_for(state="visible")
    assert lab.page.locator("img.vk-picture").first.is_visible()
    lab.page.evaluate("() => window.taken.restoreContext()")
    view.locator(".vk-lost").wait_for(state="hidden")
    lab.page.wait_for_timeout(500)
    assert lab.painted(points) > 50
    assert not lab.page.locator("img.vk-picture").first.is_visible()

    lab.theme("Light")
    lab.reopen_without_kernel()
    picture = lab.page.locator("img.vk-picture")
    assert picture.is_visible()
    assert "layout t-SNE" in picture.get_attribute("alt")
    lab.screenshot("embedding-without-kernel")


def test_without_webgl_the_picture_stays(lab):
    lab.page.add_init_script("""
      const ask = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : ask.call(this, kind, ...rest);
      };""")
    lab.show("import numpy as np, vizkit as vk\nvk.embedding(np.eye(9), labels=list('abcabcabc'))",
             name="plain.ipynb")
    lab.page.wait_for_selector("text=This browser has no WebGL2")
    lab.page.locator("img.vk-picture").wait_for(state="visible", timeout=5000)
