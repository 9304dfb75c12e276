"""Net: one model to look into. Its Runner runs it, its Units name its parts, viewers draw them."""

import torch

from vizkit import changes, net_views
from vizkit.inputs import seen
from vizkit.inputs.intake import Intake
from vizkit.language import attention, lens, next_token
from vizkit.language.words import as_classes
from vizkit.live import living
from vizkit.model import controls, predictions
from vizkit.model.blame import times
from vizkit.model.layers import Fact, Layers, as_maps, channel_axis
from vizkit.model.runner import Runner, copy_on, place_of
from vizkit.selection import Selection
from vizkit.unit import Unit


class Net:
    """A model with what is needed to look into it; the model itself is never changed.

    model: any nn.Module. It may carry `.preprocess`, `.classes`, `.encoding` and `.card`, which
    are used unless given here.
    preprocess: what makes the model's batch from images that are not float tensors.
    classes: names of the outputs.
    device: "auto" is where the model is; another one makes a copy of it there.
    input_size: side of the images, or (height, width), where there is no preprocess.

    >>> net = Net(torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5), torch.nn.ReLU()))
    >>> net
    Net: Sequential, 2 layers, 156 weights (float32, cpu)
    >>> net["1"][3]
    Unit 1[3]
    """

    def __init__(self, model, preprocess=None, classes=None, device="auto", input_size=None):
        if not isinstance(model, torch.nn.Module):
            raise TypeError(f"expected a torch.nn.Module, got {type(model).__name__}: pass the "
                            "model itself, e.g. vk.Net(alexnet())")
        if isinstance(model, torch.jit.ScriptModule):
            raise TypeError("a TorchScript module hides its layers: pass the model it was made of")
        model = getattr(model, "_orig_mod", model)  # what torch.compile has wrapped
        if device != "auto":
            model = copy_on(model, device)
        if preprocess is not None and not callable(preprocess):
            raise TypeError(f"preprocess is {type(preprocess).__name__}; expected a function from "
                            "images to the batch that the model takes")
        if isinstance(classes, str):
            raise TypeError(f"classes is {classes!r}; expected a list of names")
        self.model = model
        self.preprocess = preprocess or getattr(model, "preprocess", None)
        carried = getattr(model, "classes", None)
        carried = carried if isinstance(carried, (list, tuple)) else None
        self.classes = carried if classes is None else list(classes)
        self.encoding = getattr(model, "encoding", None)
        self.card = getattr(model, "card", None)
        self.intake = Intake(model, self.preprocess, self.encoding, input_size)
        self.runner = Runner(model, self.intake)
        self.selection = Selection()
        self.changes = ()  # what `without` and its like have made, each a Change

    def __repr__(self):
        device, dtype = place_of(self.model)
        leaves = sum(1 for m in self.model.modules() if not any(True for _ in m.children()))
        weights = sum(weight.numel() for weight in self.model.parameters())
        said = "".join(f", {change.words}" for change in self.changes)
        noun = "layer" if leaves == 1 else "layers"
        return (f"Net: {type(self.model).__name__}, {leaves} {noun}, {weights:,} weights "
                f"({str(dtype).removeprefix('torch.')}, {device}){said}")

    # What is in it

    def __getitem__(self, layer):
        """All units of a layer, by its name: `features.3`, `relu#2` (second call), `lstm[0]`."""
        self.find(layer)
        return Unit(self, layer)

    @property
    def single(self):
        """Is the model one layer, without others in it? Its name is then ""."""
        return not any(True for _ in self.model.children())

    def find(self, layer):
        """(module, call, path) of a layer's name. Raises KeyError with near names."""
        return self.runner.find(layer)

    def layers(self, under="", example=None):
        """A table of the layers, or of those under a name: kinds, output shapes, weights.

        example: an image (or whatever the model takes); without one, an empty image of a size
        that the model accepts.
        """
        self.find(under)
        facts = self.runner.facts(None if example is None else self.batch(example).tensor)
        below = f"{under}." if under else ""
        kind = "an image" if self.intake.kind == "image" else "an example"
        return Layers(
            [facts[name] for name, _ in self.model.named_modules()
             if (name or self.single) and f"{name}.".startswith(below)],
            f"{kind} of {times(self.runner.example.shape[1:])}",
        )

    def fact(self, layer):
        """What is known of one layer: shape, where its channels are and whence they come."""
        module, _, _ = self.find(layer)
        facts = self.runner.facts()
        if layer in facts:
            return facts[layer]
        output = self.runner.capture(self.runner.example, [layer])[layer]  # part of an output
        shape = tuple(output.shape[1:])
        axis = channel_axis(module, shape, None)
        return Fact(layer, type(module).__name__, shape, axis, source=layer, calls=1)

    # What it does

    def batch(self, value):
        """The Batch that the model takes, of images, arrays, paths or text; on its device."""
        return self.runner.batch(value)

    def capture(self, images, layers):
        """A dict layer → tensor (image, …) of what these layers give; a forward pass that ends
        with the last of them.

        layers: a name or several; `relu#2` is a layer's second call, `lstm[1]` part of its output.
        """
        several = not isinstance(layers, str) and hasattr(layers, "__iter__")
        wanted = list(layers) if several else [layers]
        return self.runner.capture(self.batch(images).tensor, wanted, self._edits())

    def output(self, images):
        """What the model gives: its first tensor (image, …)."""
        return self.runner.output(self.batch(images).tensor, self._edits())

    def predict(self, image, top=5):
        """The likeliest classes of an image, or next tokens of a text (Prediction, or a list)."""
        batch = self.batch(image)
        output, classes = as_classes(self, self.runner.output(batch.tensor, self._edits()))
        shares, notes = predictions.probabilities(output)
        if classes is not None and len(classes) != shares.shape[1]:
            trouble = f"{len(classes)} class names for {shares.shape[1]} outputs: numbers shown"
            notes, classes = [*notes, trouble], None
        notes = list(dict.fromkeys([*batch.notes, *notes]))
        rows = [predictions.Prediction(row, classes, top, notes) for row in shares]
        return rows[0] if len(rows) == 1 else rows

    # What it would do otherwise

    def without(self, unit, at=None):
        """A Net in which these units are silent: what they add is taken out of the layer.

        at: numbers of tokens, if only there (here and below; default: everywhere).
        """
        return changes.changed(self, unit, 0.0, "without {}", at)

    def clamp(self, unit, value, at=None):
        """A Net in which these units always have this value, everywhere on their maps."""
        return changes.changed(self, unit, float(value), f"{{}} clamped to {value:g}", at)

    def patch(self, unit, source, at=None):
        """A Net in which these units have the values that they have for another input.

        source: that input; its shape, or number of tokens, must be that of what is run then.
        """
        return changes.patched(self, unit, source, at)

    def ablate(self, unit, inputs, at=None):
        """A Net in which these units have their mean over some inputs, or a list of texts: what
        they add on average stays, what they tell apart is gone.
        """
        return changes.ablated(self, unit, inputs, at)

    def untrained(self, seed=0):
        """A Net of the same architecture with fresh random weights: the control for any claim
        that training made what is seen. Raises TypeError where the model cannot be reset.
        """
        model = controls.untrained(self.model, seed)
        return Net(model, self.preprocess, self.classes, input_size=self.intake.size)

    def _edits(self):
        return [change.edit() for change in self.changes]

    # What can be seen

    def maps(self, image, layer=None, into=None):
        """An ActivationViewer of one image, with all layers that have maps; starts at `layer`.

        into: a viewer that this net made; it then shows this image, and is returned.
        """
        return net_views.maps(self, image, layer, into)

    def attention(self, text, layers=None, **traits):
        """An AttentionViewer: where each token of a text (or of numbers) looks, in every head.

        layers: names, where they differ in shape. traits: selected=, token=, key= of the viewer.
        """
        return attention.of_net(self, text, layers, **traits)

    def next_token(self, prompt="", context=None, **how):
        """A NextTokenViewer: what comes next under four samplers; how: stop=, seed=, sampler=, …

        context: how many tokens the model reads at most (default: as it has positions).
        """
        return next_token.of_net(self, prompt, context, **how)

    def lens(self, text, layers=None, norm=None, head=None):
        """A LensViewer: the model's next token if it stopped after each layer (language.lens)."""
        return lens.of_net(self, text, layers, norm, head)

    def live(self, layer=None, image=None, source=None):
        """A LiveViewer: hold up a photograph, file, drawing, pattern or camera (living.live)."""
        return living.live(self, layer, image, source)

    def one(self, image):
        """A Batch of exactly one image, to draw its maps."""
        self.runner.must_have_values()
        batch = self.batch(image)
        if len(batch.tensor) != 1:
            noun = "images" if self.intake.kind == "image" else "examples"
            raise ValueError(f"{len(batch.tensor)} {noun}; maps are drawn of one: pass {noun}[0]")
        return batch

    def map_arrays(self, batch, layer):
        """The maps (channel, y, x) of one image at a layer. Raises ValueError where none are."""
        output = self.runner.capture(batch, [layer], self._edits())[layer][0]
        maps = as_maps(output, self.fact(layer).axis, tokens=self.intake.kind == "image")
        if maps is None:
            raise ValueError(
                f"layer {layer} gives {times(output.shape)} for one example, which is no picture: "
                "maps are (channel, y, x). net.capture gives its numbers"
            )
        return maps

    def seen_image(self, batch):
        """The image as the model saw it: (y, x) or (y, x, 3), bytes; None if it is no picture."""
        if self.intake.kind != "image":
            return None
        return seen.picture(batch.tensor[0], self.preprocess)
