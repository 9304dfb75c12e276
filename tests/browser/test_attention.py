"""AttentionViewer in JupyterLab."""

CELL = """
import torch, numpy as np, vizkit as vk
from coursekit.models.gpt import GPT
torch.manual_seed(0)
model = GPT(vocabulary=64, context=32, width=32, depth=4, heads=4)
for weight in model.parameters():
    weight.data *= 3
model.encoding = [" the", " bridge", " Anna", " had", " four", " red", " berries", ".\\n"] * 8
viewer = vk.Net(model).attention([2, 3, 4, 5, 6, 7, 2, 0, 1, 3, 6, 7])
viewer
"""
OTHERS = """
rng = np.random.default_rng(0)
many = rng.dirichlet(np.full(256, 0.03), size=(12, 12, 256)).astype(np.float32)
many = np.tril(many + np.eye(256, dtype=np.float32))
many /= many.sum(-1, keepdims=True)
big = vk.attention(many, [f" w{k}" for k in range(256)])
big
""", """
two = vk.attention([[0.7, 0.2, 0.1, 0], [0, 0.5, 0.4, 0.1], [0.05, 0.05, 0.1, 0.8]],
                   ["le ", "chat ", "noir ", "dort"], ["the ", "black cat ", "sleeps"])
two
""", """
moments = vk.attention(np.linspace(two.now, np.eye(3, 4), 8), two.tokens, ["word" * 40, *"ab"],
                       names=[f"after {25 * n} batches" for n in range(8)], selected=7)
moments
"""


def pixels(canvas):
    return canvas.evaluate("canvas => canvas.toDataURL()")


def test_heads_and_tokens_are_chosen_by_pointer_and_key_and_survive_without_a_kernel(lab):
    view, big, two, moments = (lab.show(CELL, *OTHERS).nth(k) for k in range(4))
    sheet, large = (view.locator("canvas").nth(k) for k in range(2))
    status, token = view.locator(".vk-status"), view.locator(".vk-token")
    assert lab.painted(sheet) > 20 and lab.painted(large) > 20
    assert not lab.page.locator("img.vk-picture").first.is_visible()
    assert token.count() == 12 and view.locator(".vk-heading").first.inner_text() == (
        "blocks.0.attn, head 0")

    # Over a token: where it looks, with the numbers that Python has; nothing is chosen by it.
    token.nth(8).hover()
    said = lab.ask("'“ bridge” (8) looks at ' + __import__('vizkit.views.attention_words', "
                   "fromlist=['x']).looks(viewer.now[8].astype('f2'), viewer.tokens, 1)")
    lab.until(lambda: status.inner_text().startswith(said))
    assert "looked at by" in status.inner_text()
    assert token.nth(0).evaluate("node => node.style.background") != ""
    assert token.nth(11).evaluate("node => node.style.background") == "", "it comes later"
    assert lab.ask("viewer.token") == "-1"

    # A click keeps it; keys go on from there; Escape lets go.
    token.nth(8).click()
    lab.becomes("viewer.token", "8")
    strip = view.locator(".vk-strip")
    strip.focus()
    strip.press("ArrowRight")
    lab.becomes("viewer.token, viewer.key", "9 -1")

    # Another head: by click, then by key; the large map follows.
    before = pixels(large)
    sheet.click(position={"x": 20 + 70 * 2 + 30, "y": 15 + 30})
    lab.becomes("viewer.selected, viewer.shown", "2 2")
    sheet.focus()
    sheet.press("ArrowDown")
    lab.becomes("viewer.called", "blocks.1.attn, head 2")
    view.locator(".vk-heading:text-is('blocks.1.attn, head 2')").wait_for()
    lab.until(lambda: pixels(large) != before)

    # One cell of the map: its arithmetic, as in the weights.
    large.focus()
    large.press("ArrowRight")
    large.press("ArrowRight")
    lab.becomes("viewer.token, viewer.key", "9 1")
    view.locator(".vk-lines >> text=q · k").wait_for()
    assert view.locator(".vk-lines").inner_text() == lab.ask("'\\n'.join(viewer.account['lines'])")
    assert view.locator(".vk-cell canvas").count() == 6
    view.locator(".vk-status:has-text('(9) looks at “ had” (1) with weight')").wait_for()
    lab.screenshot("attention-light", view)
    lab.theme("Dark")
    lab.screenshot("attention-dark", view)
    large.press("Escape")
    lab.becomes("viewer.token, viewer.key", "-1 -1")
    view.locator(".vk-cell").wait_for(state="hidden")

    # 12 layers of 12 heads of 256 tokens: drawn, the large map scrolls, the last head is there.
    sheet, large = (big.locator("canvas").nth(k) for k in range(2))
    assert lab.painted(sheet) > 50 and lab.painted(large) > 50
    before = pixels(large)
    # An edge takes the room of scroll bars that stand beside the map: here they have none.
    big.locator(".vk-large").evaluate("""node => {
        Object.assign(node.style, { boxSizing: "border-box", border: "0 solid grey",
            borderRightWidth: "15px", borderBottomWidth: "15px" });
        node.scrollTop = node.scrollHeight; node.scrollLeft = node.scrollWidth; }""")
    lab.until(lambda: pixels(large) != before)
    size = large.bounding_box()  # its last cell can be pointed at
    large.hover(position={"x": size["width"] - 1, "y": size["height"] - 1})
    big.locator(".vk-status:has-text('“ w255” (255) looks at “ w255” (255)')").wait_for()
    sheet.focus()
    sheet.press("End")
    lab.becomes("big.called", "layer 11, head 11")
    big.locator(".vk-heading:text-is('layer 11, head 11')").wait_for()
    big.locator(".vk-strip").focus()
    big.locator(".vk-strip").press("End")
    lab.becomes("big.token", "255")
    lab.until(lambda: big.locator(".vk-strip").evaluate("node => node.scrollTop") > 0)
    lab.screenshot("attention-many-dark", big)
    lab.theme("Light")
    lab.screenshot("attention-many", big)

    # Two texts: either of them can be asked.
    strips = two.locator(".vk-strip")
    strips.nth(0).locator(".vk-token").nth(2).click()
    lab.becomes("two.token, two.key", "2 -1")
    two.locator("text=looks at “dort” 0.800").wait_for()
    first = two.locator(".vk-looks .vk-ranks > *").all_inner_texts()[:4]
    assert first == ["“dort”", "3", "", "0.800"], "a word, its place, its bar, its weight"
    strips.nth(1).focus()
    strips.nth(1).press("Home")
    lab.becomes("two.token, two.key", "-1 0")
    two.locator(".vk-status:has-text('“le ” (0) is looked at by “the ” 0.700')").wait_for()
    lab.screenshot("attention-two", two)

    # Moments of a training are no layers of heads: they fill a block, and have their own names.
    assert "layer" not in moments.inner_text() and "head" not in moments.inner_text()
    strip = moments.locator(".vk-strip").first  # its tokens have no spaces between them
    assert strip.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert moments.locator(".vk-note:text-is('8 maps')").count() == 1
    sheet = moments.locator("canvas").first
    sheet.hover(position={"x": 79 + 30, "y": 79 + 30})
    moments.locator(".vk-status:text-is('after 100 batches')").wait_for()
    sheet.click(position={"x": 79 + 30, "y": 79 + 30})
    moments.locator(".vk-heading:text-is('after 100 batches')").wait_for()
    lab.becomes("moments.selected", "4")
    lab.screenshot("attention-moments", moments)

    lab.reopen_without_kernel()
    pictures = lab.page.locator("img.vk-picture")
    assert [pictures.nth(k).is_visible() for k in range(4)] == [True] * 4
    lab.screenshot("attention-without-kernel")
