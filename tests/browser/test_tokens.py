"""TokenViewer in JupyterLab."""

CELL = r"""
import vizkit as vk, tiktoken

ranks = {bytes([value]): value for value in range(256)}
for token in (b"th", b"the", b" the", b"in", b"ing", b"\xe6\x97", b" b", b" br", b"\xc3\xa9"):
    ranks[token] = len(ranks)
pairs = tiktoken.Encoding("pairs", pat_str=r" ?\S+|\s+", mergeable_ranks=ranks,
                          special_tokens={"<|endoftext|>": len(ranks)})

def letters(text):
    return [ord(sign) for sign in text], list(text)

one = vk.tokens("the bridge, the 日本 and 😀 é\nshe is reading\t<|endoftext|>", pairs)
one
"""
TWO = """
two = vk.tokens("the bring 日", pairs, letters)
two
"""
FIXED = """
fixed = vk.tokens(None, ([5, 6], ["to", " be"]))
fixed
"""


def test_text_is_cut_while_it_is_typed_and_pieces_are_told(lab):
    views, page = lab.show(CELL, TWO, FIXED), lab.page
    view, status = views.first, views.first.locator(".vk-status")
    pieces, area = view.locator(".vk-piece"), view.get_by_role("textbox")

    def says(text, status=status):
        status.filter(has_text=text).wait_for(timeout=5000)

    # drawn: a box for each token, coloured, with its number; shared characters above their bytes
    count = int(lab.ask("len(one.cuts[0])"))
    assert pieces.count() == count and view.locator("figcaption").inner_text().endswith("by pairs")
    boxes = view.locator(".vk-box")
    assert boxes.first.inner_text() == "the" and boxes.nth(1).inner_text() == "·br"
    assert view.locator(".vk-under").first.inner_text() == "257"
    together = view.locator(".vk-together")
    assert together.locator(".vk-shared").all_inner_texts() == ["日", "本", "😀"]
    assert together.first.locator(".vk-box").all_inner_texts() == ["e6 97", "a5"]
    tints = boxes.evaluate_all(
        "boxes => boxes.slice(0, 9).map(box => getComputedStyle(box).backgroundColor)")
    assert len(set(tints)) == 6
    lab.screenshot("tokens-light", view)

    # pointing and clicking tell about a piece
    pieces.nth(1).hover()
    says("token 2 of ")
    says("“·br”, number 263, 3 bytes 20 62 72")
    together.first.locator(".vk-piece").nth(1).click()
    says("part 2 of 2 of “日”, number 165, 1 byte a5")
    lab.becomes("one.cuts[0].piece(one.selected)", "b'\\xa5'")
    view.locator(".vk-caption").hover()
    assert view.locator(".vk-now").count() == 1

    # keyboard: along the text, to the line below and back, out
    walk = view.locator(".vk-pieces")
    walk.press("Home")
    says("token 1 of ")
    walk.press("ArrowRight")
    walk.press("ArrowRight")
    says("token 3 of ")
    walk.press("ArrowDown")
    lab.until(lambda: int(lab.ask("one.selected")) > 20)
    walk.press("ArrowUp")
    lab.becomes("one.selected", "2")
    walk.press("End")
    says("“<|endoftext|>”, number 265")
    lab.screenshot("tokens-chosen", view)
    walk.press("Escape")
    lab.becomes("one.selected", "-1")
    says("point at a piece")

    # typed: cut live; keys stay in the field, Shift-Enter is JupyterLab's
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    area.fill("")
    area.press_sequentially("dd the thing")
    area.press("Enter")
    area.press_sequentially("é")
    lab.becomes("[one.cuts[0].piece(k).decode() for k in range(len(one.cuts[0]))]",
                str(["d", "d", " the", " ", "th", "ing", "\n", "é"]))
    assert boxes.all_inner_texts() == ["d", "d", "·the", "·", "th", "ing", "⏎", "é"]
    assert area.input_value() == "dd the thing\né"
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    view.get_by_role("combobox").select_option("bytes")
    assert view.locator(".vk-under").nth(2).inner_text() == "20 74 68 65"
    view.get_by_role("combobox").select_option("nothing")
    assert not view.locator(".vk-under").first.is_visible()
    lab.becomes("one.below", "nothing")  # Python has heard of it: what it says now comes last
    lab.ask("setattr(one, 'below', 'number')")
    view.locator(".vk-under", has_text="258").wait_for()

    # a text set from Python is in the field; one that cannot be cut is said
    view.locator(".vk-pieces").focus()
    lab.ask("setattr(one, 'text', 'bring')")
    lab.until(lambda: area.input_value() == "bring")
    assert boxes.all_inner_texts() == ["b", "r", "ing"]

    # two encodings: the pieces of the other that share bytes are marked
    other = views.nth(1)
    lists = other.locator(".vk-pieces")
    assert [lists.nth(k).locator(".vk-piece").count() for k in (0, 1)] == [6, 11]
    lists.nth(0).locator(".vk-piece").nth(2).hover()
    says("pairs, token 3 of 6: “ing”", other.locator(".vk-status"))
    near = lists.nth(1).locator(".vk-near .vk-box")
    assert near.all_inner_texts() == ["i", "n", "g"]
    left, right = (lists.nth(k).bounding_box() for k in (0, 1))
    assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 2
    lab.screenshot("tokens-two", other)
    lists.nth(1).press("End")
    lab.becomes("(two.panel, two.selected)", "(1, 10)")
    assert lists.nth(0).locator(".vk-near").count() == 2

    # what is fixed is not typed in
    assert views.nth(2).get_by_role("textbox").get_attribute("readonly") is not None
    assert views.nth(2).locator(".vk-box").all_inner_texts() == ["to", "·be"]

    lab.theme("Dark")
    view.scroll_into_view_if_needed()
    dark = boxes.first.evaluate("box => getComputedStyle(box).backgroundColor")
    assert dark != tints[0]
    lab.screenshot("tokens-dark", view)
    lab.screenshot("tokens-two-dark", other)
    lab.theme("Light")
    lab.reopen_without_kernel()
    assert page.locator("img.vk-picture").count() == 3
    assert page.locator("img.vk-picture").first.is_visible()
    assert "3 tokens by pairs" in page.locator("img.vk-picture").first.get_attribute("alt")
