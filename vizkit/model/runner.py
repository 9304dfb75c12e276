"""Runs one model: batches in, tensors out, with errors in words. Knows no Unit and no picture."""

import copy

import torch

from vizkit.model import blame, hooks, names
from vizkit.model.layers import observe

# Sides of images, tried in this order where no size is given: the usual ones, then small ones.
SIDES = (224, 32, 64, 28, 96, 128, 227, 256, 299, *range(8, 64))
AT_ONCE = 256  # images in one forward pass


class Runner:
    """A model where it stands, and what its layers looked like when it last ran.

    intake: the Intake that makes its batches. example: the last batch of one that it has taken.
    """

    def __init__(self, model, intake):
        self.model, self.intake = model, intake
        self.example, self._facts = None, {}

    def batch(self, value):
        """The Batch that the model takes, of images, arrays, paths or text; on its device."""
        batch = self.intake.batch(value)
        batch.tensor = self.placed(batch.tensor)
        return batch

    def placed(self, tensor):
        """The tensor on the model's device, in its precision unless it holds whole numbers."""
        device, dtype = place_of(self.model)
        return tensor.to(device, dtype if tensor.is_floating_point() else None)

    def find(self, layer):
        """(module, call, path) of a layer's name. Raises KeyError with near names."""
        name, call, path = names.parse(layer)
        modules = dict(self.model.named_modules(remove_duplicate=False))
        if name not in modules:
            raise KeyError(names.unknown(name, [known for known in modules if known]))
        return modules[name], call, path

    def capture(self, batch, layers, edits=()):
        """A dict layer → tensor (image, …) from passes that end with the last layer needed."""
        wanted = []
        for layer in layers:
            _, call, path = self.find(layer)
            wanted.append(hooks.Wanted(layer, names.parse(layer)[0], call, path))
        parts = [self._forward(part, wanted, edits)[0] for part in batch.split(AT_ONCE)]
        if len(parts) == 1:
            return parts[0]
        return {layer: torch.cat([part[layer] for part in parts]) for layer in layers}

    def output(self, batch, edits=()):
        """What the model gives: its first tensor (image, …)."""
        outputs = []
        for part in batch.split(AT_ONCE):
            tensor = hooks.first_tensor(self._forward(part, (), edits)[1])
            if tensor is None:
                raise TypeError(f"{type(self.model).__name__} gives no tensor")
            outputs.append(tensor)
        return torch.cat(outputs) if len(outputs) > 1 else outputs[0]

    def facts(self, batch=None):
        """A dict layer → Fact, from a batch, or from an example that the model has taken.

        Raises ValueError where no example is known and none can be guessed.
        """
        if batch is None:
            batch = self.example if self.example is not None else self.guess()
        known = self.example is not None and batch.shape[1:] == self.example.shape[1:]
        if not (self._facts and known):
            self._facts = self.explained(observe, self.model, batch[:1])
            self.example = batch[:1]
        return self._facts

    def guess(self):
        """A batch of one example that the model accepts. Raises ValueError where none is found."""
        first = None
        for batch in map(self.placed, self.intake.examples(SIDES)):
            try:
                self.explained(hooks.forward, self.model, batch)
                return batch
            except Exception as error:  # noqa: BLE001 - models refuse sizes in many ways
                first = first or error
        raise ValueError(
            f"cannot guess what {type(self.model).__name__} takes: show it an example first, "
            "net.layers(example=…)" + (f" (tried one: {first})" if first else "")
        )

    def must_have_values(self):
        """Raises ValueError for a model that has shapes only."""
        if place_of(self.model)[0].type == "meta":
            raise ValueError(
                "this model's weights are on the meta device, where tensors have shapes and no "
                "values: load its weights first (model.to_empty(device='cpu'), load_state_dict)"
            )

    def _forward(self, batch, wanted, edits):
        self.must_have_values()
        found = self.explained(hooks.forward, self.model, batch, wanted, edits)
        if self.example is None:
            self.example = batch[:1]
        return found

    def explained(self, function, *arguments, **options):
        """Call it; an error of the forward pass names the layer where it arose."""
        try:
            return function(*arguments, **options)
        except Exception as error:  # noqa: BLE001 - explained or raised again
            said = blame.explain(error, self.model)
            if said is None:
                raise
            raise said from error


def place_of(model):
    """(device, floating type) of a model's weights; (cpu, float32) where it has none."""
    tensors = [*model.parameters(), *model.buffers()]
    floating = [tensor.dtype for tensor in tensors if tensor.is_floating_point()]
    return (tensors[0].device if tensors else torch.device("cpu"),
            floating[0] if floating else torch.float32)


def copy_on(model, device):
    """The model on that device: itself if it is there, else a copy.

    Raises ValueError where there is no such device.
    """
    try:
        wanted, here = torch.device(device), place_of(model)[0]
        if wanted.type == here.type and wanted.index in (None, here.index):
            return model
        return copy.deepcopy(model).to(wanted)
    except (AssertionError, NotImplementedError, RuntimeError, TypeError) as error:
        raise ValueError(
            f"device {device!r} cannot be used here ({str(error).splitlines()[0]}): 'auto' leaves "
            "the model where it is, 'cpu' is always there"
        ) from error
