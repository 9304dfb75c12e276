"""PixelCNN: who sees whom, pixel by pixel; and that the networks learn a rule one can check."""

import pytest
import torch
import torch.nn.functional as F

from coursekit.models.pixelcnn import GatedPixelCNN, MaskedConv, PixelCNN, gate, mask, sample, seen
from coursekit.training import evaluate, fit

BOTH = pytest.mark.parametrize("kind", [PixelCNN, GatedPixelCNN])
SIDE = 6


def earlier(y, x, side=SIDE):
    """All pixels read before (y, x)."""
    return (torch.arange(side * side) < y * side + x).reshape(side, side)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def test_masks_by_hand():
    assert mask("A", 3).tolist() == [[1, 1, 1], [1, 0, 0], [0, 0, 0]]
    assert mask("B", 3).tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(("kernel", "a", "b"), [(3, 4, 5), (5, 12, 13), (7, 24, 25)])
def test_open_taps_are_half_of_the_kernel_and_the_centre(kernel, a, b):
    assert (mask("A", kernel).sum(), mask("B", kernel).sum()) == (a, b)
    assert a == (kernel**2 - 1) // 2 and b == a + 1


@pytest.mark.parametrize(("kind", "kernel"), [("C", 3), ("a", 3), ("A", 4)])
def test_a_mask_of_no_kind_or_without_a_centre_is_refused(kind, kernel):
    with pytest.raises(ValueError, match="expected 'A' or 'B' and an odd kernel"):
        mask(kind, kernel)


def test_closed_weights_neither_count_nor_learn():
    layer = MaskedConv("A", 2, 3, 3)
    image = torch.rand(1, 2, 5, 5)
    before = layer(image)
    with torch.no_grad():
        layer.weight[:, :, mask("A", 3) == 0] = 100.0
    assert torch.equal(layer(image), before)
    layer(image).sum().backward()
    assert (layer.weight.grad[:, :, mask("A", 3) == 0] == 0).all()


@pytest.mark.parametrize("place", [(0, 0), (0, 3), (2, 0), (3, 2), (5, 5)])
@BOTH
def test_no_pixel_sees_itself_or_what_comes_later(kind, place):
    assert not (seen(kind(levels=3, width=8, depth=3), SIDE, SIDE, *place) & ~earlier(*place)).any()


@pytest.mark.parametrize("place", [(0, 0), (0, 3), (2, 0), (3, 2), (5, 5)])
def test_two_stacks_have_no_blind_spot(place):
    model = GatedPixelCNN(levels=3, width=8, depth=5).double()
    torch.set_default_dtype(torch.float64)
    try:
        assert torch.equal(seen(model, SIDE, SIDE, *place), earlier(*place))
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_stack_of_masks_is_blind_above_on_the_right():
    deep = seen(PixelCNN(levels=3, width=8, depth=8), SIDE, SIDE, 3, 2)
    assert deep.int().tolist() == [
        [1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0],
        [0] * 6, [0] * 6]


def test_a_gated_layer_equals_its_formula_at_one_pixel():
    layer = GatedPixelCNN(levels=2, width=4, depth=1).layers[0]
    above, left = torch.randn(2, 1, 4, 5, 5)
    new_above, new_left = layer(above, left)

    def window(maps, y, x, high, wide):  # the last of them is (y, x + wide // 2)
        padded = F.pad(maps, (1, 1, 1, 0))
        return padded[:, :, y : y + high, x : x + wide]

    rows = F.conv2d(window(above, 3, 2, 2, 3), layer.vertical.weight, layer.vertical.bias)
    assert torch.allclose(new_above[:, :, 3, 2], gate(rows)[:, :, 0, 0], atol=1e-6)
    higher = F.conv2d(window(above, 2, 2, 2, 3), layer.vertical.weight, layer.vertical.bias)
    row = F.conv2d(left[:, :, 3:4, 1:3], layer.horizontal.weight, layer.horizontal.bias)
    out = layer.out(gate(row + layer.down(higher))) + left[:, :, 3:4, 2:3]
    assert torch.allclose(new_left[:, :, 3, 2], out[:, :, 0, 0], atol=1e-6)


@BOTH
def test_it_learns_stripes_from_the_pixel_above_and_writes_them(kind):
    lot = torch.Generator().manual_seed(0)
    first = torch.randint(0, 2, (64, 1, 6), generator=lot)
    stripes = first.repeat(1, 4, 1)  # each row is the one above
    model = kind(levels=2, width=8, depth=2)
    fit(model, (stripes, stripes), optimizer=torch.optim.Adam(model.parameters(), lr=0.02),
        epochs=25, batch=16)
    least = 6 * torch.log(torch.tensor(2.0)) / 24  # a first row cannot be guessed
    assert least * 0.95 < evaluate(model, (stripes, stripes))["loss"] < least * 1.1
    written = sample(model, first[:20], rows=3)
    assert (written == stripes[:20]).float().mean() > 0.98


def test_with_mask_b_first_it_reads_the_answer():
    noise = torch.randint(0, 4, (64, 5, 5))
    losses = {}
    for kinds in ("AB", "BB"):
        model = PixelCNN(levels=4, width=16, depth=1, kinds=kinds)
        fit(model, (noise, noise), optimizer=torch.optim.Adam(model.parameters(), lr=0.02),
            epochs=10, batch=16)
        losses[kinds] = evaluate(model, (noise, noise))["loss"]
    assert losses["BB"] < 0.05 < 1.0 < losses["AB"]  # ln 4 = 1.386, less some by heart


@BOTH
def test_writing_takes_one_pass_for_each_pixel_and_keeps_what_is_given(kind):
    model, passes = kind(levels=3, width=4, depth=1), []
    model.register_forward_hook(lambda *_: passes.append(1))
    given = torch.randint(0, 3, (5, 2, 4))
    written = sample(model, given, rows=3, seed=1)
    assert len(passes) == 3 * 4 and written.shape == (5, 5, 4)
    assert torch.equal(written[:, :2], given)
    assert torch.equal(sample(model, given, rows=3, seed=1), written)
    assert not torch.equal(sample(model, given, rows=3, seed=2), written)
