"""EmbeddingViewer's answers in JupyterLab, on 5,000 pictures: false neighbours, a path, trust."""

CELL = """
import numpy as np
import vizkit as vk
rng = np.random.default_rng(0)
kinds = np.arange(5000) % 8
vectors = rng.normal(size=(8, 60))[kinds] * 1.2 + rng.normal(size=(5000, 60))
colours = rng.integers(40, 255, (8, 3))[kinds]
images = np.zeros((5000, 64, 64, 3), np.uint8)
for k, (image, colour) in enumerate(zip(images, colours)):
    image[:] = colour // 2
    image[8 + k % 20:40 + k % 20, 10:50] = colour
    image[::2, 30:34] = 255
viewer = vk.embedding(vectors, images=images, labels=[f"kind {k}" for k in kinds])
viewer
"""
PAN = """async () => {
  const canvas = document.querySelector("canvas.vk-points"), box = canvas.getBoundingClientRect();
  const send = (type, x) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true,
    pointerId: 1, button: 0, clientX: box.left + x, clientY: box.top + 200 }));
  const frame = () => new Promise(requestAnimationFrame);
  canvas.setPointerCapture = () => {};
  send("pointerdown", 200);
  const first = Number(canvas.dataset.frames), start = performance.now();
  for (let x = 200; x < 290; x += 3) { send("pointermove", x); await frame(); }
  const seconds = (performance.now() - start) / 1000;
  const frames = Number(canvas.dataset.frames) - first;
  send("pointerup", 290);
  return [frames, frames / seconds];
}"""


def test_five_thousand_pictures_with_false_neighbours_a_path_and_trust(lab):
    view = lab.show(CELL)
    points = view.locator("canvas.vk-points")
    points.scroll_into_view_if_needed()
    lab.page.wait_for_timeout(500)
    assert lab.painted(points) > 200
    lab.screenshot("embedding-5000-light", view)

    # A hand that drags gets a frame for each of its steps.
    frames, rate = lab.page.evaluate(PAN)
    print(f"panning 5,000 thumbnails: {rate:.0f} frames a second")
    assert frames >= 25, "30 steps, the first of which is too short to be a drag"
    points.press("0")

    # The chosen point: its picture arrives with all its pixels; false neighbours are listed.
    lab.ask("setattr(viewer, 'chosen', 123)")
    lab.page.wait_for_function(
        "() => document.querySelector('.vk-chosen canvas')?.width === 64")
    lab.page.wait_for_function(
        "() => [...document.querySelectorAll('.vk-neighbour canvas')].every((c) => c.width === 64)")
    shown = view.locator(".vk-neighbour.vk-false")
    wrong = lab.ask("[int(p) for p, r in zip(viewer.drawn, viewer.ranks) if r > 10]")
    assert shown.count() == len(eval(wrong)) >= 5
    assert f"#{eval(wrong)[0]}" in shown.first.inner_text()
    assert "also the nearest in this picture" in view.inner_text()
    lab.screenshot("embedding-false", view)

    # A path by keys: p, then Enter on a neighbour in the list is the other end.
    points.focus()
    points.press("p")
    assert view.locator("button:has-text('path')").first.get_attribute("aria-pressed") == "true"
    assert "is A: choose B" in view.locator(".vk-status").inner_text()
    points.press("Escape")
    assert view.locator("button:has-text('path')").first.get_attribute("aria-pressed") == "false"
    points.press("p")
    view.locator(".vk-neighbour.vk-false").first.press("Enter")
    view.locator(".vk-strip").wait_for(state="visible")
    assert lab.ask("viewer.ends") == f"[123, {eval(wrong)[0]}]"
    # And by the mouse, to a point of another kind: the button, then a click on the far edge.
    view.locator("button:has-text('path')").first.click()
    box = points.bounding_box()
    points.press("0")
    points.click(position={"x": box["width"] / 2 - 60, "y": box["height"] / 2 - 60})
    lab.until(lambda: lab.ask("viewer.ends[1]") != str(eval(wrong)[0]))
    stops = lab.ask("len([p for k, p in enumerate(viewer.route) if k == 0"
                    " or p != viewer.route[k - 1]])")
    lab.until(lambda: view.locator(".vk-stop").count() == int(stops))
    assert lab.ask("viewer.chosen") == "123"
    lab.page.wait_for_timeout(400)
    lab.screenshot("embedding-path", view)

    # Trust as colour, in the dark; the label's colours come back.
    lab.theme("Dark")
    before = lab.painted(points)
    view.locator("select").nth(1).select_option("trust")
    view.locator(".vk-trust").wait_for(state="visible")
    assert "on average" in view.locator(".vk-trust").inner_text()
    lab.page.wait_for_timeout(400)
    assert before and lab.painted(points) > 50
    lab.screenshot("embedding-trust-dark", view)
    view.locator("select").nth(1).select_option("label")
    view.locator(".vk-trust").wait_for(state="hidden")
    view.locator("button:has-text('forget the path')").click()
    view.locator(".vk-strip").wait_for(state="hidden")
    assert lab.ask("viewer.ends, viewer.route") == "[] None"

    # UMAP where it is not installed: said, and the old layout stays.
    lab.ask("__import__('sys').modules.__setitem__('umap', None)")
    view.locator("select").first.select_option("umap")
    lab.page.wait_for_selector("text=pip install umap-learn")
    assert view.locator("select").first.input_value() == "pca"

    lab.theme("Light")
    lab.ask("setattr(viewer, 'ends', [3, 70])")
    lab.page.wait_for_timeout(1500)
    lab.reopen_without_kernel()
    picture = lab.page.locator("img.vk-picture")
    assert picture.is_visible()
    assert "The straight line from kind 3" in picture.get_attribute("alt")
    lab.screenshot("embedding-path-without-kernel")
