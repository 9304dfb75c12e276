"""InterventionViewer in JupyterLab."""

CELL = """
import numpy as np, torch, vizkit as vk
from torch import nn
torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
                      nn.Linear(24, 8), nn.Linear(8, 8))
model[4].weight.data *= 6
net = vk.Net(model, classes=[f"class {k}" for k in range(8)], input_size=12)
images = np.random.default_rng(0).integers(0, 255, (3, 12, 12, 3), np.uint8)
viewer = net["1"].intervene(images, top=3)
viewer
""", """
kernels = net["0"].kernels()
kernels
""", """
from coursekit.models.gpt import GPT
gpt = GPT(vocabulary=8, context=16, width=16, depth=2, heads=4)
gpt.encoding = [" the", " bridge", " Anna", " had", " four", " red", " berries", "."]
heads = vk.Net(gpt)["blocks.1.attn"].heads.intervene([[2, 3, 4, 5, 6], [2, 3, 0, 1, 7]])
heads
"""
SHOWN = "[f'{x:.3f}' for x in viewer.after[viewer.image][[viewer.classes.index(c) for c in %s]]]"


def test_a_unit_is_knocked_out_and_clamped_by_click_key_and_drag(lab):
    views = lab.show(*CELL)
    view, kernels, heads = (views.nth(k) for k in range(3))
    button = {name: view.locator(f"button:text-is('{name}')")
              for name in ("as it is", "knocked out", "clamped")}
    assert button["as it is"].get_attribute("aria-pressed") == "true"
    assert lab.painted(view.locator("canvas").first) > 20
    rows = view.locator(".vk-pairs [role=listitem]")
    lab.screenshot("intervention-light", view)

    def shown_is_computed():
        """The numbers on the page are those of the model."""
        names = rows.locator(".vk-name").all_inner_texts()
        lab.until(lambda: str(rows.locator(".vk-value:nth-child(5)").all_inner_texts())
                  == lab.ask(SHOWN % names))
        names = rows.locator(".vk-name").all_inner_texts()
        lab.becomes(SHOWN % names, str(rows.locator(".vk-value:nth-child(5)").all_inner_texts()))

    button["knocked out"].click()
    lab.becomes("viewer.mode, viewer.held", "knocked out 0.0")
    shown_is_computed()
    assert view.locator(".vk-status").inner_text().startswith(lab.ask("viewer.words"))
    before = lab.ask("viewer.before.tolist()")
    button["clamped"].focus()
    button["clamped"].press("Enter")
    lab.becomes("viewer.mode, viewer.strength", "clamped 2.0")
    shown_is_computed()

    # The slider: keys, and a drag in which the newest place counts.
    slider = view.locator("input[type=range]")
    slider.focus()
    slider.press("Home")
    lab.becomes("viewer.strength, viewer.held", "0.0 0.0")
    box = slider.bounding_box()
    lab.page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    lab.page.mouse.down()
    for x in range(8, int(box["width"]) + 8, 3):
        lab.page.mouse.move(box["x"] + x, box["y"] + box["height"] / 2)
    lab.page.mouse.up()
    lab.becomes("viewer.strength", "3.0")
    shown_is_computed()
    text = slider.get_attribute("aria-valuetext")
    assert text.startswith("3.00 × its largest, ")

    # Another unit by its number, by the viewer of the kernels, another image.
    number = view.locator("input[type=number]")
    number.fill("4")
    lab.becomes("viewer.unit, net.selection.chosen", "4 ('0', 4)")
    shown_is_computed()
    kernels.locator("canvas").first.click(position={"x": 20, "y": 20})
    lab.becomes("viewer.unit, viewer.titles[0]", "0 1[0]")
    lab.until(lambda: number.input_value() == "0" or number.evaluate(
        "node => document.activeElement === node"))
    view.locator(".vk-thumbs button").nth(2).click()
    lab.becomes("viewer.image", "2")
    shown_is_computed()
    assert view.locator(".vk-thumbs button[aria-pressed=true]").get_attribute("aria-label") == (
        "image 3 of 3")
    assert lab.ask("viewer.before.tolist()") == before, "the model is as it was"

    # An error in the function is said, and the viewer goes on.
    lab.ask("setattr(viewer, '_compute', lambda unit, value: 1 / value)")
    button["knocked out"].click()
    view.locator(".vk-status:has-text('ZeroDivisionError')").wait_for()
    lab.ask("setattr(viewer, '_compute', lambda unit, value: viewer.before[:, ::-1])")
    button["clamped"].click()
    view.locator(".vk-status:has-text('Largest value of')").wait_for()
    shown_is_computed()

    # A head of a language model: the text is there, another one is chosen by click.
    text = heads.locator(".vk-texts > div").first
    assert text.inner_text() == " Anna had four red berries …"
    heads.locator(".vk-thumbs button").nth(1).click()
    lab.becomes("heads.image", "1")
    lab.until(lambda: text.inner_text() == " Anna had the bridge. …")
    heads.locator("button:text-is('knocked out')").click()
    heads.locator(".vk-status:has-text('on this text: ')").wait_for()
    assert "“" in heads.locator(".vk-name").first.inner_text()
    lab.screenshot("intervention-heads", heads)

    lab.theme("Dark")
    lab.screenshot("intervention-dark", view)
    lab.theme("Light")

    lab.reopen_without_kernel()
    pictures = lab.page.locator("img.vk-picture")
    assert [pictures.nth(k).is_visible() for k in range(3)] == [True] * 3
