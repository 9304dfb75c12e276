"""KernelViewer in JupyterLab."""

CELL = """
import numpy as np
from vizkit.style import number
from vizkit.views import KernelViewer
rng = np.random.default_rng(0)
viewer = KernelViewer(kernels=rng.normal(size=(6, 1, 5, 5)), layer="c1")
viewer
"""
OTHERS = """
colour = KernelViewer(kernels=rng.normal(size=(4, 3, 7, 7)), layer="colour")
colour
""", """
deep = KernelViewer(kernels=np.arange(2 * 5 * 9.0).reshape(2, 5, 3, 3) - 40, layer="deep")
deep
""", """
growing = rng.normal(size=(6, 3, 5, 5)) * np.array([0.1, 1, 4]).reshape(3, 1, 1, 1, 1)
past = KernelViewer(growing, [0, 1000, 128_000], layer="past")
past
"""


def pixels(canvas):
    """The picture on a canvas, to be compared."""
    return canvas.evaluate("canvas => canvas.toDataURL()")


def test_kernels_are_drawn_chosen_by_click_and_key_and_survive_without_a_kernel(lab):
    view, colour, deep, past = (lab.show(CELL, *OTHERS).nth(k) for k in range(4))
    sheet = view.locator("canvas").first
    assert lab.painted(sheet) > 20
    assert not lab.page.locator("img.vk-picture").first.is_visible()

    sheet.click(position={"x": 110, "y": 20})
    lab.becomes("viewer.selected", "1")
    assert "kernel 1" in view.inner_text()
    sheet.focus()
    sheet.press("ArrowRight")
    lab.becomes("viewer.selected", "2")
    sheet.press("Escape")
    view.locator(".vk-heading:text-is('kernel 2')").wait_for(state="hidden")
    lab.ask("setattr(viewer, 'selected', 5)")
    view.locator(".vk-heading:text-is('kernel 5')").wait_for()

    # The weight under the pointer is the one in the array.
    sheet.hover(position={"x": 36, "y": 36})
    shown = lab.ask("'kernel 0, row 2, column 2: weight ' + number(viewer.kernels[0, 0, 2, 2])")
    assert view.locator(".vk-status").inner_text() == shown
    colour.locator("canvas").first.hover(position={"x": 5, "y": 5})
    weights = lab.ask("', '.join(map(number, colour.kernels[0, :, 0, 0]))")
    status = colour.locator(".vk-status").inner_text()
    assert status == f"kernel 0, row 0, column 0: red, green, blue {weights}"

    # One input channel of many, and one scale for all kernels.
    before = pixels(deep.locator("canvas").first)
    slider = deep.locator("input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    deep.locator("canvas").first.hover(position={"x": 5, "y": 5})
    deep.locator("text=kernel 0, row 0, column 0: weight -31.0").wait_for()
    lab.becomes("deep.channel, deep.kernels[0, 1, 0, 0]", "1 -31.0")
    lab.until(lambda: pixels(deep.locator("canvas").first) != before)
    changed = pixels(deep.locator("canvas").first)
    deep.locator("select").select_option("shared")
    deep.locator("text=−31.0").wait_for()
    lab.becomes("deep.shared_scale", "True")
    lab.until(lambda: pixels(deep.locator("canvas").first) != changed)
    lab.screenshot("kernels-deep", deep)
    lab.screenshot("kernels-light", view)
    lab.theme("Dark")
    lab.screenshot("kernels-dark", view)
    lab.theme("Light")

    # Through the moments of a training: by key, by dragging the slider, by playing.
    slider, words = past.locator("input[type=range]"), past.locator(".vk-moment")
    sheet = past.locator("canvas").first
    assert words.inner_text() == "after 128,000 images"
    last = pixels(sheet)
    slider.focus()
    slider.press("ArrowLeft")
    lab.becomes("past.moment, past.caption[-27:]", "1 after 1,000 images (2 of 3)")
    assert slider.get_attribute("aria-valuetext") == words.inner_text() == "after 1,000 images"
    assert pixels(sheet) == last, "each kernel on its own scale: only the size differs"
    past.locator("select").select_option("shared")
    lab.until(lambda: pixels(sheet) != last)
    sheet.hover(position={"x": 5, "y": 5})
    weights = lab.ask("', '.join(map(number, past.kernels[0, :, 0, 0]))")
    assert past.locator(".vk-status").inner_text().endswith(weights)
    box = slider.bounding_box()
    lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    lab.page.mouse.up()
    lab.becomes("past.moment", "0")
    lab.screenshot("kernels-past", past)
    play = past.locator("button")
    play.focus()
    play.press("Enter")
    past.locator("button:has-text('pause')").wait_for()
    lab.becomes("past.moment", "2")
    past.locator("button:has-text('play')").wait_for()
    lab.theme("Dark")
    lab.screenshot("kernels-past-dark", past)
    lab.theme("Light")

    lab.reopen_without_kernel()
    pictures = lab.page.locator("img.vk-picture")
    assert [pictures.nth(k).is_visible() for k in range(4)] == [True] * 4
    for words in ("Error displaying widget", "Loading widget"):
        said = lab.page.locator(f"text={words}")
        assert not any(said.nth(k).is_visible() for k in range(said.count()))
    lab.screenshot("kernels-without-kernel")
