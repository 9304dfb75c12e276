"""ScrubViewer in JupyterLab."""

CELL = """
import vizkit as vk
texts = [["uq$z kk", "…"], ["the the the and", "the a a"], ["Mia had a red ball. She", "Ben went to the"],
         ["Mia had a red ball. She gave the ball to Ben.", "Ben went to the bridge, because it rained."]]
viewer = vk.scrub(texts, [0, 200, 1000, 5000], ["One day ", "Then "],
                  {"loss per token": [6.2, 3.0, 1.4, 0.7], "hero kept": [0, 0.1, 0.7, 0.97]})
viewer
"""  # noqa: E501


def test_the_slider_a_click_and_the_play_button_go_through_a_training(lab):
    view = lab.show(CELL).first
    body, sheet = view.locator(".vk-writings"), view.locator("canvas")
    assert "gave the ball to Ben." in body.inner_text() and body.inner_text().startswith("One day")
    assert lab.painted(sheet.first) > 5
    slider = view.get_by_label("checkpoint", exact=True)
    slider.focus()
    slider.press("ArrowLeft")
    lab.becomes("viewer.moment", "2")
    lab.until(lambda: "She\n" in body.inner_text() + "\n")
    sheet.nth(1).click(position={"x": 6, "y": 20})
    lab.becomes("viewer.moment", "0")
    lab.until(lambda: "uq$z" in body.inner_text())
    lab.screenshot("scrub-light", view)
    lab.theme("Dark")
    lab.screenshot("scrub-dark", view)
    lab.theme("Light")
    view.locator("button").press("Enter")
    lab.becomes("viewer.moment", "3")
    assert view.locator(".vk-status").inner_text() == "after 5,000 steps"

    lab.reopen_without_kernel()
    assert lab.page.locator("img.vk-picture").first.is_visible()
    lab.screenshot("scrub-without-kernel")
