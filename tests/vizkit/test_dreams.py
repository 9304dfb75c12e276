"""Dreams: the score rises, a known optimum is reached, nothing of the model changes."""

import _thread

import numpy as np
import pytest
import torch
from torch import nn

import vizkit as vk
from coursekit import data
from vizkit import views
from vizkit.dreams import objectives, painter, spectrum
from vizkit.dreams.ascent import dream, score
from vizkit.dreams.strided import Dense
from vizkit.dreams.wobble import Moved, Wobble, wobble


def small(channels=3, seed=0):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Conv2d(channels, 4, 3), nn.ReLU(), nn.Conv2d(4, 6, 3, groups=2), nn.BatchNorm2d(6),
        nn.ReLU(), nn.Flatten(), nn.Linear(6 * 64, 5),
    )  # fmt: skip
    with torch.no_grad():
        model[0].bias.fill_(0.5)  # so that no ReLU is shut for grey images
        model[2].bias.fill_(0.5)
    return model


@pytest.fixture
def net():
    return vk.Net(small(), input_size=12)


# What it finds

def test_every_score_rises_above_the_noise(net):
    for layer in ("0", "2", "3", "6"):
        found = dream(net, net[layer], steps=30, rate=0.1)
        assert (found.scores > found.start).all(), layer
        assert found.history.shape == (30, len(net[layer]))
        assert found.images.shape == (len(net[layer]), 3, 12, 12)
        assert found.images.min() >= 0 and found.images.max() <= 1


def test_the_best_image_of_one_linear_unit_is_its_weights_signs():
    model = nn.Sequential(nn.Conv2d(1, 1, 8, bias=False))
    weights = model[0].weight.detach()[0, 0]
    found = dream(vk.Net(model, input_size=8), vk.Net(model, input_size=8)["0"], steps=150,
                  rate=0.5, transforms=False, parameterisation="pixels")
    assert (np.round(found.images[0, 0]) == (weights > 0).float().numpy()).all()
    best = float(weights.clamp(min=0).sum())  # pixels of 1 where the weights are positive
    assert best * 0.99 < found.scores[0] <= best
    grey = np.full((1, 1, 8, 8), 0.5)
    assert score(vk.Net(model), vk.Net(model, input_size=8)["0"], grey) == pytest.approx(
        float(weights.sum()) / 2, abs=1e-5)


def test_each_pixel_of_a_colour_image_moves_by_its_own_slope():
    model = nn.Sequential(nn.Conv2d(3, 2, 8, bias=False))
    found = dream(vk.Net(model, input_size=8), vk.Net(model, input_size=8)["0"], steps=150,
                  rate=0.5, transforms=False, parameterisation="pixels", colour="plain")
    assert (np.round(found.images) == (model[0].weight > 0).float().numpy()).mean() > 0.99


def test_an_image_does_not_depend_on_its_company(net):
    units = [*objectives.each(net["2"][:3]), objectives.channel(net["6"][1])]
    together = dream(net, units, steps=12, seed=[5, 6, 7, 8], half=False)
    for k, unit in enumerate(units):
        alone = dream(net, unit, steps=12, seed=5 + k, half=False)
        assert np.abs(alone.images[0] - together.images[k]).max() < 1e-3
        assert alone.scores[0] == pytest.approx(together.scores[k], rel=1e-3)


def test_the_last_layer_left_out_changes_nothing(net, monkeypatch):
    units = [objectives.channel(net["2"][1] - 0.5 * net["2"][4]),
             objectives.neuron(net["2"][3]) + 2 * objectives.channel(net["0"][1]),
             objectives.channel(net["0"][2])]
    short = dream(net, units, steps=8, half=False)
    monkeypatch.setattr("vizkit.dreams.plan.AFFINE", ())
    whole = dream(net, units, steps=8, half=False)
    assert np.abs(short.images - whole.images).max() < 1e-4
    np.testing.assert_allclose(short.history, whole.history, atol=1e-5)


def test_grey_networks_odd_sizes_and_larger_images():
    grey = vk.Net(small(1), input_size=(12, 12))
    found = dream(grey, grey["6"][0], steps=5)
    assert found.images.shape == (1, 1, 12, 12)
    assert dream(grey, grey["3"][0], size=(17, 23), steps=3).images.shape == (1, 1, 17, 23)
    shown = grey["0"].dream(steps=3)
    assert shown.images.shape == (4, 12, 12, 3)
    assert (shown.images[..., :1] == shown.images).all()


def test_pixels_go_in_as_the_preprocess_says():
    model = nn.Sequential(nn.Conv2d(3, 2, 3))

    def prepare(picture):
        pixels = torch.as_tensor(np.array(picture)).float()
        return (pixels.movedim(-1, -3) - 100) / 50

    net = vk.Net(model, prepare, input_size=8)
    images = np.random.default_rng(0).integers(0, 256, (1, 8, 8, 3), dtype=np.uint8)
    truth = net.capture(images[0], "0")["0"].mean((2, 3))[0]
    found = score(net, net["0"], images.transpose(0, 3, 1, 2) / 255)
    np.testing.assert_allclose(found, truth, rtol=1e-4)
    assert "preprocess" in dream(net, net["0"], steps=1).notes[0]
    assert "not normalised" in dream(vk.Net(model, input_size=8), net["0"], steps=1).notes[0]
    given = dream(vk.Net(model, input_size=8), net["0"], steps=1, normalise=(0.4, 0.2))
    assert "as given" in given.notes[0]


# Objectives

def test_objectives_add_subtract_and_scale(net):
    images = np.random.default_rng(0).random((1, 3, 12, 12))
    a, b = objectives.channel(net["2"][1]), objectives.neuron(net["0"][2])
    one, two, sum_, less = (score(net, goal, images)[0] for goal in (a, b, a + b, a - 0.5 * b))
    assert sum_ == pytest.approx(one + two, abs=1e-5)
    assert less == pytest.approx(one - two / 2, abs=1e-5)
    mixed = score(net, objectives.channel(net["2"][1] - 0.5 * net["2"][4]), images)[0]
    apart = score(net, a - 0.5 * objectives.channel(net["2"][4]), images)[0]
    assert mixed == pytest.approx(apart, abs=1e-5)
    assert (a - 0.5 * b).name == "2[1] − 0.5·0[2] in the middle"


def test_measures_by_hand():
    acts = torch.tensor([[3.0, 4.0], [0.0, 2.0]])[:, :, None, None]  # two images, one place each
    ways, kin = torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([0, 0])
    assert objectives.mean(acts, ways, kin).tolist() == [3, 0]
    assert objectives.mean_square(acts, ways, kin).tolist() == [12.5, 2]
    strong = objectives.centre_cosine(acts, ways, kin)
    assert strong.tolist() == pytest.approx([3 * 0.6**2, 0], abs=1e-4)
    alike = objectives.unlike(acts[[0, 0]], ways, kin)
    assert alike.tolist() == pytest.approx([-1, -1])
    # Gram matrices [[9, 12], [12, 16]] and [[0, 0], [0, 4]]: cosine 64 / (25 · 4)
    assert objectives.unlike(acts, ways, kin).tolist() == pytest.approx([-0.64, -0.64])
    assert objectives.unlike(acts, ways, torch.tensor([0, 1])).tolist() == [0, 0]


def test_diversity_makes_the_seeds_of_a_unit_differ(net):
    plain, varied = (
        dream(net, [objectives.channel(net["2"][1]) + weight * objectives.diversity("2")] * 3,
              steps=40, rate=0.1)
        for weight in (0.0, 5.0)
    )
    goals = [objectives.diversity(net["2"])] * 3
    assert score(net, goals, varied.images).mean() > score(net, goals, plain.images).mean()
    assert plain.seeds == [0, 1, 2]


# Left as it was, stopped, refused

def test_the_model_is_left_as_it_was(net):
    net.model.train()
    before = {name: value.clone() for name, value in net.model.state_dict().items()}
    state = torch.random.get_rng_state()
    dream(net, net["4"], steps=3)
    assert all(module.training for module in net.model.modules())
    assert all(weight.requires_grad and weight.grad is None for weight in net.model.parameters())
    assert not any(module._forward_hooks or module._forward_pre_hooks
                   for module in net.model.modules())
    after = net.model.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert torch.equal(torch.random.get_rng_state(), state)


def test_ctrl_c_returns_what_is_there(net):
    def press(step, steps, scores):
        if step == 4:
            _thread.interrupt_main()

    found = dream(net, net["4"], steps=4000, progress=press)
    assert found.stopped and 4 <= len(found.history) < 4000
    assert f"stopped after {len(found.history)} of 4000 steps" in found.notes
    assert all(weight.requires_grad for weight in net.model.parameters())
    assert not any(module._forward_hooks for module in net.model.modules())
    assert dream(net, net["4"], steps=9, stop=lambda: True).history.shape == (1, 6)


def test_refusals_say_what_to_try(net):
    with pytest.raises(KeyError, match="layer"):
        dream(net, objectives.layer("nowhere"), steps=1)
    with pytest.raises(ValueError, match="leave size out"):
        dream(net, net["6"], size=30, steps=1)
    with pytest.raises(ValueError, match="each"):
        objectives.channel(net["2"])
    with pytest.raises(ValueError, match="nothing to raise"):
        objectives.channel(net["2"][1] - net["2"][1])
    with pytest.raises(TypeError, match="objectives or Units"):
        dream(net, "conv1")
    with pytest.raises(ValueError, match="no transform is called 'blur'"):
        dream(net, net["0"], transforms={"blur": 1})
    with pytest.raises(TypeError, match="dreams are images"):
        vector = vk.Net(nn.Sequential(nn.Linear(4, 2), nn.ReLU()))
        dream(vector, vector["0"])


def test_a_shut_relu_says_so(net):
    with torch.no_grad():
        net.model[0].bias[1] = -100
    found = dream(net, net["1"], steps=9)
    assert any("1[1]: no gradient" in note for note in found.notes)
    with pytest.raises(ValueError, match="before the ReLU"):
        dream(net, net["1"][1], steps=9)


def test_a_relu_that_is_shut_for_grey_is_opened_by_a_louder_start(net):
    with torch.no_grad():
        net.model[0].bias[1] = -net.model[0].weight[1].sum() / 2 - 0.3  # grey pixels give −0.3
    found = dream(net, net["1"][:2], steps=40)
    assert found.start[1] == 0 and found.history[0, 1] == 0 and found.scores[1] > 0.01
    alone = dream(net, net["1"][0], steps=40)  # the one that was open had no part in it
    assert np.abs(alone.images[0] - found.images[0]).max() < 0.05


# Its parts

def test_the_colour_constant_is_that_of_our_photographs():
    found = spectrum.colour_root(data.photos().images)
    np.testing.assert_allclose(found, spectrum.PHOTOGRAPHS, atol=2e-4)


def test_waves_have_the_spread_that_their_frequency_gives_them():
    waves = spectrum.Waves((1, 16, 16), [0])
    lone = torch.zeros_like(waves.knobs)
    lone[0, 0, 0, 2, 0] = 1.0  # two waves across 16 pixels: 0.125 a pixel, scale 8 / 4
    image = waves.values(lone)[0, 0]
    columns = 2 * np.cos(2 * np.pi * 2 * np.arange(16) / 16) * 2 / 16
    np.testing.assert_allclose(image, np.tile(columns, (16, 1)), atol=1e-5)


@pytest.mark.parametrize("kind, size", [("fourier", (12, 10)), ("fourier", (9, 11)),
                                        ("pixels", (5, 4))])
def test_the_painters_gradient_is_that_of_its_steps_one_by_one(kind, size, monkeypatch):
    """Waves, colours, sigmoid and wobble recorded by torch give the same, also in small parts."""
    monkeypatch.setattr(painter, "CACHED", 2 * 3 * size[0] * size[1])
    matrix = spectrum.colour_matrix("decorrelated", 3)
    ours = painter.Painter(kind, (3, *size), range(5), matrix, "cpu")
    assert len(ours.parts(5)) == 3
    moves = Wobble(jitter=1).moves(torch.rand(5, 4, generator=torch.manual_seed(0)), size)
    knobs = (20 * ours.knobs).requires_grad_()
    values = ours.make.values(knobs)
    plain = torch.einsum("dc,nchw->ndhw", matrix, values).sigmoid()
    slopes = torch.randn(5, 3, *size)
    for steps, found in ((plain, ours(knobs)), (Moved.apply(plain, moves), ours(knobs, moves))):
        torch.testing.assert_close(found, steps)
        pair = [torch.autograd.grad((one * slopes).sum(), [knobs], retain_graph=True)[0]
                for one in (steps, found)]
        torch.testing.assert_close(*pair)


def test_a_wobble_moves_each_image_by_its_own_amounts():
    image = torch.full((2, 1, 9, 9), 0.5)
    image[:, :, 4, 4] = 1.0
    shift = Wobble(jitter=2, scale=0, rotation=0)
    moved = shift(image, torch.tensor([[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 1.0, 0.0]]))
    assert moved[0, 0, 4, 4] == 1 and moved[1, 0, 6, 2] == pytest.approx(1, abs=1e-5)
    image[:, :, 4, 7] = 1.0
    turned = Wobble(jitter=0, scale=0, rotation=90)(image, torch.tensor([[1.0, 0.5, 0.5, 0.5]] * 2))
    assert turned[0, 0, 1, 4] == pytest.approx(1, abs=1e-4)
    assert wobble(True, (64, 64)).jitter == 3 and wobble(True, (224, 224)).jitter == 6


def test_a_moved_images_gradient_is_close_to_the_exact_one():
    torch.manual_seed(0)
    image = nn.functional.interpolate(torch.randn(3, 2, 8, 8), size=(40, 40), mode="bilinear")
    slopes = nn.functional.interpolate(torch.randn(3, 2, 10, 10), size=(40, 40), mode="bilinear")
    moves = Wobble().moves(torch.rand(3, 4), (40, 40))
    exact, ours = image.clone().requires_grad_(), image.clone().requires_grad_()
    places = nn.functional.affine_grid(moves, exact.shape, align_corners=False)
    moved = nn.functional.grid_sample(exact - 0.5, places, align_corners=False) + 0.5
    (moved * slopes).sum().backward()
    torch.testing.assert_close(Moved.apply(ours, moves), moved, atol=1e-4, rtol=0)
    (Moved.apply(ours, moves) * slopes).sum().backward()
    apart = (exact.grad - ours.grad)[..., 2:-2, 2:-2]
    assert apart.norm() < 0.05 * exact.grad.norm()


@pytest.mark.parametrize("kernel, stride, padding, size", [
    (11, 4, 2, (64, 50)), (7, 2, 3, (33, 30)), (3, 4, 0, (13, 12)), (5, 3, (2, 1), (16, 19)),
])
def test_a_strided_convolutions_gradient_by_dense_ones(kernel, stride, padding, size):
    torch.manual_seed(0)
    layer = nn.Conv2d(3, 6, kernel, stride, padding).requires_grad_(False)
    image = torch.rand(2, 3, *size, requires_grad=True)
    slopes = torch.rand_like(layer(image))
    true, = torch.autograd.grad(layer(image), [image], slopes)
    with Dense():
        given = layer(image)
        assert given.grad_fn.name() == "ConvolutionBackward"
    found, = torch.autograd.grad(given, [image], slopes)
    torch.testing.assert_close(found, true, atol=1e-5, rtol=1e-4)


def test_learning_grouped_and_dense_convolutions_stay_as_they_are():
    image = torch.rand(1, 4, 9, 9, requires_grad=True)
    learning = nn.Conv2d(4, 2, 3, stride=2)
    grouped = nn.Conv2d(4, 4, 3, stride=2, groups=2).requires_grad_(False)
    dense = nn.Conv2d(4, 2, 3, padding="same").requires_grad_(False)
    for layer in (learning, grouped, dense):
        with Dense():
            assert layer(image).grad_fn.name() == "ConvolutionBackward0"  # torch's own


def test_half_precision_reaches_the_same_scores(net):
    whole, half = (dream(net, net["3"], steps=30, rate=0.1, half=half) for half in (False, True))
    np.testing.assert_allclose(half.scores, whole.scores, rtol=0.05)
    assert (half.history != whole.history).any()  # it was not the same run twice


# What is seen

def test_the_viewer_holds_images_scores_and_the_control(net):
    viewer = net["2"][:3].dream(steps=6, seeds=2, control=True)
    assert viewer.data["images"].shape == viewer.data["control"].shape == (6, 12, 12, 3)
    assert viewer.data["images"].dtype == np.uint8 and viewer.seeds == [0, 1] * 3
    assert viewer.titles[2] == "2[1]" and viewer.data["history"].shape == (6, 6)
    assert "6 dreams of 12×12, 2[0:3], 6 steps" in repr(viewer)
    assert len(viewer.figure().axes) == 12  # the dreams, and below them the control's
    viewer.selected = 4
    assert net.selection.chosen == ("2", 2)
    mixed = (net["2"][1] - 0.5 * net["2"][2]).dream(steps=2)
    assert mixed.titles == ["2[1] − 0.5·2[2]"]
    with pytest.raises(ValueError, match="bytes"):
        views.DreamViewer(images=np.zeros((2, 8, 8, 3)))
