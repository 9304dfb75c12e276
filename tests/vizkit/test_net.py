"""Net on models that vizkit never saw."""

import gc
import importlib
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

import vizkit as vk
from coursekit.compat import torchvision

MODELS = ("alexnet", "resnet18", "vgg11", "squeezenet1_0", "mobilenet_v3_small", "convnext_tiny",
          "vit_b_16")
FIRST = {  # the first convolution and its kernels
    "alexnet": ("features.0", (64, 3, 11, 11)), "resnet18": ("conv1", (64, 3, 7, 7)),
    "vgg11": ("features.0", (64, 3, 3, 3)), "squeezenet1_0": ("features.0", (96, 3, 7, 7)),
    "mobilenet_v3_small": ("features.0.0", (16, 3, 3, 3)),
    "convnext_tiny": ("features.0.0", (96, 3, 4, 4)), "vit_b_16": ("conv_proj", (768, 3, 16, 16)),
}  # fmt: skip


def picture(side, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def everything(model):
    """All of a model that a look into it might change."""
    return (
        [(name, tensor._version, tensor.data_ptr()) for name, tensor in model.state_dict().items()],
        [module.training for module in model.modules()],
        [weight.requires_grad for weight in model.parameters()],
        [weight.grad for weight in model.parameters()],
        [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()],
        torch.get_rng_state().tolist(),
    )


@pytest.fixture(params=MODELS)
def trained(request):
    """A model of torchvision in training mode, its weights at random."""
    torch.manual_seed(0)
    yield request.param, getattr(torchvision.models, request.param)(weights=None).train()
    gc.collect()


def test_any_model_of_torchvision_is_looked_into_and_left_as_it_was(trained):
    name, model = trained
    side = 224 if name == "vit_b_16" else 64
    before = everything(model)
    net = vk.Net(model, input_size=side)
    first, shape = FIRST[name]

    facts = {fact.name: fact for fact in net.layers()}
    assert facts[first].kind == "Conv2d" and facts[first].channels == shape[0]

    kernels = net[first].kernels()
    weights = model.get_submodule(first).weight.detach()
    assert kernels.data["kernels"].shape == shape
    assert np.array_equal(kernels.data["kernels"], weights.numpy())

    maps = net.maps(picture(80))
    assert maps.layer == first and maps.data["maps"].shape[0] == shape[0]
    assert maps.data["image"].shape == (side, side, 3)
    kernels.selected = 5
    assert maps.selected == 5

    # One pass for a layer in the middle gives what a pass of the model by itself gives there.
    middle = maps.names[len(maps.names) // 2]
    kept = []
    module = model.get_submodule(middle.split("#")[0])
    handle = module.register_forward_hook(lambda m, i, out: kept.append(out.clone()))
    with torch.no_grad():
        modes = [module.training for module in model.modules()]
        output = model.eval()(net.batch(picture(80)).tensor)
        for module, mode in zip(model.modules(), modes, strict=True):
            module.training = mode
    handle.remove()
    captured = net.capture(picture(80), middle.split("#")[0])
    assert torch.allclose(captured[middle.split("#")[0]], kept[0], atol=1e-5)
    assert torch.allclose(net.output(picture(80)), output, atol=1e-5)

    guess = net.predict(picture(80), top=3)
    assert len(guess) == 3 and guess.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert guess.top[0][1] == guess.probabilities.max()
    assert everything(model) == before


class Grey(nn.Sequential):
    """Two convolutions and a classifier for images of 1×12×12, with weights from a seed."""

    def __init__(self):
        torch.manual_seed(0)
        super().__init__(nn.Conv2d(1, 4, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
                         nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(54, 3))


@pytest.fixture
def net():
    return vk.Net(Grey(), classes=["cat", "dog", "eel"])


def grey(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (12, 12), np.uint8)


def test_its_table_names_each_layer_with_kind_shape_and_weights(net):
    assert repr(net.layers()).splitlines()[:3] == [
        "outputs for an image of 1×12×12",
        "layer  kind       output     parameters",
        "0      Conv2d     4×10×10            40",
    ]
    assert net.layers().names == ["0", "1", "2", "3", "4", "5"]
    assert repr(net) == "Net: Grey, 6 layers, 427 weights (float32, cpu)"


def test_the_size_that_a_model_takes_is_found_or_shown():
    fixed = vk.Net(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 26 * 26, 5)))
    assert fixed.layers().example == "an image of 1×28×28"
    odd = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 11 * 13, 5))
    with pytest.raises(ValueError, match=r"net\.layers\(example=…\).*layer 2 \(Linear\)"):
        vk.Net(odd).layers()
    assert vk.Net(odd, input_size=(13, 15)).layers()[0].shape == (2, 11, 13)
    assert vk.Net(odd).layers(example=np.zeros((13, 15)))[0].shape == (2, 11, 13)


def test_layers_under_one_name():
    model = nn.Sequential(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()), nn.ReLU())
    assert vk.Net(model).layers("0").names == ["0", "0.0", "0.1"]


@pytest.mark.parametrize(("name", "words"), [
    ("features.33", "did you mean 'features.3' or 'features.0'"),
    ("Features.3", "did you mean 'features.3'"),
    ("nothing", r"the layers are features, features\.0, features\.3, classifier \(net\.layers\(\)"),
    ("features.0#x", "cannot read the layer name"),
])
def test_an_unknown_layer_gets_near_names(name, words):
    features = nn.ModuleDict({"0": nn.Conv2d(1, 1, 1), "3": nn.Conv2d(1, 1, 1)})
    model = nn.ModuleDict({"features": features, "classifier": nn.Linear(1, 1)})
    with pytest.raises((KeyError, ValueError), match=words):
        vk.Net(model)[name]


@pytest.mark.parametrize(("batch", "words"), [
    (torch.zeros(1, 2, 12, 12), "2 channels, the first layer of this net takes 1"),
    (torch.zeros(1, 1, 20, 20), r"layer 5 \(Linear\) got 294 features, expected 54"),
    (torch.zeros(1, 1, 5, 5), r"layer 3 \(Conv2d\) got maps of 1×1, smaller than its kernel 3×3"),
])
def test_errors_of_shape_name_the_layer(net, batch, words):
    with pytest.raises(ValueError, match=words):
        net.predict(batch)


def test_a_prediction_is_the_softmax_by_name(net):
    scores = net.model(torch.tensor(grey()[None, None]) / 255)
    guess = net.predict(grey())
    assert guess.best == ["cat", "dog", "eel"][scores.argmax()]
    assert np.allclose(guess.probabilities, scores.softmax(1)[0].detach(), atol=1e-6)
    both = net.predict([grey(), grey(1)])
    assert [len(one) for one in both] == [3, 3]


def test_a_prediction_without_its_styles_still_has_names_numbers_and_bars(net):
    page = net.predict(grey())._repr_html_()  # a notebook that is not trusted drops the styles
    (name, share), *_ = net.predict(grey()).top
    words = re.sub("<[^>]*>", " ", page).split()
    assert words[:2] == [name, f"{share:.3f}"]
    assert words[2].count("█") == int(20 * share + 1 / 16)


def test_too_few_names_are_said_and_not_used():
    guess = vk.Net(Grey(), classes=["cat"]).predict(grey())
    assert guess.best in "012" and guess.notes == ["1 class names for 3 outputs: numbers shown"]


def test_capture_in_parts_is_capture_at_once(net, monkeypatch):
    images = [grey(seed) for seed in range(5)]
    whole = net.capture(images, ["0", "5"])
    monkeypatch.setattr("vizkit.model.runner.AT_ONCE", 2)
    parts = net.capture(images, ["0", "5"])
    assert whole["5"].shape == (5, 3)
    assert all(torch.allclose(whole[k], parts[k], atol=1e-6) for k in whole)


def test_without_a_channel_is_as_if_its_kernel_were_zero(net):
    silent = Grey()
    with torch.no_grad():
        silent[0].weight[2], silent[0].bias[2] = 0, 0
    assert torch.allclose(net.without(net["0"][2]).output(grey()), vk.Net(silent).output(grey()))
    assert not torch.allclose(net.output(grey()), net.without(net["0"][2]).output(grey()))
    assert repr(net.without(net["0"][2])).endswith(", without 0[2]")


def test_a_clamped_unit_has_its_value_everywhere(net):
    clamped = net.clamp(net["3"][1], 7).capture(grey(), "3")["3"]
    assert (clamped[:, 1] == 7).all()
    assert torch.equal(clamped[:, 2:], net.capture(grey(), "3")["3"][:, 2:])
    twice = net.clamp(net["0"][1], 7).without(net["3"][1]).capture(grey(), ["0", "3"])
    assert (twice["0"][:, 1] == 7).all() and (twice["3"][:, 1] == 0).all()


def test_a_clamped_direction_has_its_value_and_the_rest_stays(net):
    unit = net["3"][0] - 2 * net["3"][4]
    maps = net.clamp(unit, 3).capture(grey(), "3")["3"][0]
    plain = net.capture(grey(), "3")["3"][0]
    assert torch.allclose(maps[0] - 2 * maps[4], torch.full((3, 3), 3.0), atol=1e-4)
    across = [2 * m[0] + m[4] for m in (maps, plain)]
    assert torch.allclose(*across, atol=1e-4)
    assert torch.allclose(maps[[1, 2, 3, 5]], plain[[1, 2, 3, 5]], atol=1e-5)


def test_a_unit_of_another_model_is_refused(net):
    with pytest.raises(ValueError, match="a unit of this net"):
        net.without(vk.Net(Grey())["0"][1])


class Twice(nn.Module):
    """Uses one ReLU twice, and gives a dict."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.relu = nn.ReLU()
        self.down = nn.Conv2d(4, 2, 3)

    def forward(self, x):
        x = self.relu(self.conv(x))
        return {"logits": self.relu(self.down(x)).mean((2, 3)), "hidden": (x,)}


def test_a_module_called_twice_has_two_entries_of_its_own_shape():
    net = vk.Net(Twice())
    maps = net.maps(picture(16))
    assert maps.names == ["conv", "relu", "down", "relu#2"]
    assert len(net["relu"]) == 4 and len(net["relu#2"]) == 2
    assert net["relu#2"].maps(picture(16)).data["maps"].shape == (2, 12, 12)
    assert "ReLU ×2" in repr(net.layers())
    assert net["relu#2"].kernels().data["kernels"].shape == (2, 4, 3, 3)
    assert net.output(picture(16)).shape == (1, 2)


def test_a_part_of_an_output_is_a_layer_too():
    net = vk.Net(nn.Sequential(Twice()))
    unit = net["0[hidden][0]"]
    assert len(unit) == 4 and unit.maps(picture(16)).data["maps"].shape == (4, 14, 14)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_drawn_as_they_are(dtype):
    net = vk.Net(Grey().to(dtype))
    assert net.capture(grey(), "0")["0"].dtype == dtype
    maps, kernels = net.maps(grey()), net["0"].kernels()
    assert maps.png()[:4] == kernels.png()[:4] == b"\x89PNG"
    exact = vk.Net(Grey()).maps(grey()).data["maps"]
    assert np.allclose(maps.data["maps"], exact, atol=0.02)
    assert net.predict(grey()).probabilities.sum() == pytest.approx(1, abs=0.01)


def test_nan_and_infinity_are_said_and_drawn():
    model = Grey()
    with torch.no_grad():
        model[0].weight[1, 0, 0, 0] = float("nan")
        model[0].bias[2] = float("inf")
    net = vk.Net(model)
    assert "1 value is NaN or infinite (drawn magenta)" in repr(net["0"].kernels())
    maps = net.maps(grey())
    assert "200 values are NaN or infinite" in repr(maps)
    assert (maps.pictures()[1:3] == (214, 39, 214)).all()
    assert maps.png() and "Values from" in maps.describe()
    assert "3 outputs are NaN or infinite" in net.predict(grey()).notes


def test_a_model_on_no_device_has_shapes_and_no_values():
    with torch.device("meta"):
        model = Grey()
    net = vk.Net(model, input_size=12)
    assert net.layers()[3].shape == (6, 3, 3)
    for look in (lambda: net.maps(grey()), lambda: net.predict(grey()), net["0"].kernels):
        with pytest.raises(ValueError, match="meta device"):
            look()
    assert next(model.parameters()).is_meta


def test_what_torch_compile_has_wrapped_is_looked_into():
    model = Grey()
    net = vk.Net(torch.compile(model))
    assert net.model is model and net.layers().names[0] == "0"


def test_another_device_makes_a_copy_and_leaves_the_model():
    model = Grey()
    net = vk.Net(model, device="meta")
    assert next(model.parameters()).device.type == "cpu"
    assert next(net.model.parameters()).is_meta
    assert vk.Net(model, device="cpu").model is model


@pytest.mark.parametrize(("axes", "layer"), [
    (1, nn.Conv1d(2, 4, 3)), (3, nn.Conv3d(2, 4, 3)),
])  # fmt: skip
def test_convolutions_that_are_no_pictures_are_refused_in_words(axes, layer):
    net = vk.Net(nn.Sequential(layer, nn.ReLU()))
    assert net.layers()[0].channels == 4
    plural = "s" * (axes > 1)
    with pytest.raises(TypeError, match=f"in {axes} dimension{plural}.*no flat picture.*vk."):
        net["0"].kernels()
    example = torch.zeros(1, 2, *[8] * axes)
    with pytest.raises(ValueError, match="no layer of Sequential gives maps"):
        net.maps(example)
    with pytest.raises(ValueError, match=r"layer 1 gives 4×6.* which is no picture"):
        net["1"].maps(example)
    assert net.capture(example, "1")["1"].shape[1] == 4


def test_a_layer_without_kernels_says_which_have_some(net):
    with pytest.raises(TypeError, match=r"layer 5 \(Linear\) has no kernels; .* 0, 3"):
        net["5"].kernels()
    with pytest.raises(ValueError, match="layer 5 gives 3 for one example, which is no picture"):
        net["5"].maps(grey())
    with pytest.raises(ValueError, match="5 images; maps are drawn of one"):
        net.maps([grey(seed) for seed in range(5)])


def test_kernels_on_the_page_do_not_change_while_the_model_learns(net):
    kernels = net["0"].kernels().data["kernels"]
    before = kernels.copy()
    with torch.no_grad():
        net.model[0].weight += 1
    assert np.array_equal(kernels, before)


def test_a_net_is_made_without_loading_what_only_viewers_need():
    code = (
        "import sys, torch, vizkit as vk\n"
        "net = vk.Net(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3)))\n"
        "net.capture(torch.zeros(1, 1, 8, 8), '0')\n"
        "print([m for m in ('anywidget', 'ipywidgets', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_every_name_of_the_package_is_there():
    for name, (module, attribute) in vk.WHERE.items():
        assert getattr(vk, name) is getattr(importlib.import_module(module), attribute)
        assert module != f"vizkit.{name}", "the module would stand in the name's place"


def test_transposed_and_grouped_convolutions_have_one_kernel_for_each_output():
    up = nn.ConvTranspose2d(4, 6, 3, groups=2)
    net = vk.Net(nn.Sequential(nn.Conv2d(1, 4, 3), up, nn.Conv2d(6, 6, 3, groups=6)))
    kernels = net["1"].kernels().data["kernels"]
    assert kernels.shape == (6, 2, 3, 3)
    # outputs 3, 4, 5 are the second group's; it sees inputs 2 and 3
    assert np.array_equal(kernels[4, 1], up.weight[3, 1].detach())
    assert net["2"].kernels().data["kernels"].shape == (6, 1, 3, 3)


def test_what_a_model_carries_is_used():
    model = Grey()
    model.preprocess = lambda image: torch.ones(1, 1, 12, 12)
    model.classes, model.card = ("a", "b", "c"), {"accuracy": 0.9}
    net = vk.Net(model)
    assert net.predict(grey()).best in "abc" and net.card == {"accuracy": 0.9}
    assert (net.batch(grey()).tensor == 1).all()
    assert vk.Net(model, classes=["x", "y", "z"]).predict(grey()).best in "xyz"


def test_the_image_is_shown_as_the_model_saw_it():
    preset = torchvision.transforms.Compose([
        torchvision.transforms.Resize(32), torchvision.transforms.CenterCrop(24),
        torchvision.transforms.ToTensor(),
        torchvision.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])
    net = vk.Net(nn.Sequential(nn.Conv2d(3, 2, 3)), preprocess=preset)
    image = np.full((64, 64, 3), (250, 100, 30), np.uint8)
    seen = net.maps(image).data["image"]
    assert seen.shape == (24, 24, 3) and (seen == (250, 100, 30)).all()


def test_a_text_model_and_a_vector_model_predict_and_are_captured():
    words = vk.Net(nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(32, 2)))
    assert words.predict(torch.arange(8)).probabilities.shape == (2,)
    with pytest.raises(TypeError, match="whole numbers"):
        words.predict(torch.rand(8))
    points = vk.Net(nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 2)))
    assert points.capture([[0.0, 1.0], [1.0, 0.0]], "1")["1"].shape == (2, 5)
    with pytest.raises(ValueError, match="no layer of Sequential gives maps"):
        points.maps([0.0, 1.0])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_no_model_is_refused():
    with pytest.raises(TypeError, match=r"expected a torch.nn.Module, got function"):
        vk.Net(lambda x: x)
    with pytest.raises(TypeError, match="TorchScript module hides its layers"):
        vk.Net(torch.jit.trace(Grey(), torch.zeros(1, 1, 12, 12)))
    with pytest.raises(AttributeError, match="vizkit has no 'Nett'"):
        vk.Nett  # noqa: B018
