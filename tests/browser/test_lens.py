"""LensViewer in JupyterLab."""

CELL = """
import torch, vizkit as vk
from coursekit.models.gpt import GPT
torch.manual_seed(0)
model = GPT(vocabulary=48, context=32, width=32, depth=6, heads=4)
for weight in model.parameters():
    weight.data *= 4
model.encoding = [" the", " bridge", " Anna", " had", " four", " red", " berries", ".\\n"] * 6
viewer = vk.Net(model).lens([2, 3, 4, 5, 6, 7, 2, 0, 1, 3, 6, 7])
viewer
"""


def test_cells_are_pointed_at_and_chosen_and_survive_without_a_kernel(lab):
    view = lab.show(CELL).first
    cells, status = view.locator("td"), view.locator(".vk-status")
    assert cells.count() == 7 * 12
    first = lab.ask("repr(viewer.at(6, 0)[0][0].strip())")
    assert repr(cells.first.inner_text().strip()) == first, "the last layer is on top"
    asked_of = view.locator(".vk-likeliest .vk-heading")
    assert asked_of.inner_text() == "after “.↵”, blocks.5", "what comes next, before one is asked"

    cells.nth(13).hover()
    said = lab.ask("'after “ had”, blocks.4: “' + viewer.at(5, 1)[0][0]")
    lab.until(lambda: status.inner_text().replace("↵", "\n").startswith(said))
    cells.nth(13).click()
    lab.becomes("viewer.chosen", "[5, 1]")
    box = view.locator(".vk-lensbox")
    box.focus()
    box.press("ArrowDown")
    box.press("ArrowRight")
    lab.becomes("viewer.chosen", "[4, 2]")
    view.locator(".vk-heading:text-is('after “ four”, blocks.3')").wait_for()
    assert view.locator(".vk-track").count() == 5
    lab.screenshot("lens-light", view)
    lab.theme("Dark")
    lab.screenshot("lens-dark", view)
    lab.theme("Light")
    box.press("Escape")
    lab.becomes("viewer.chosen", "[]")

    lab.reopen_without_kernel()
    assert lab.page.locator("img.vk-picture").first.is_visible()
    lab.screenshot("lens-without-kernel")
