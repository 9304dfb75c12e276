"""What a classifier says of an image: its most probable classes. Computes nothing of the model."""

import html

import torch

BAR = 20


class Prediction:
    """The most probable classes of one image.

    probabilities: array (classes,). classes: their names, or None for numbers.

    >>> Prediction(torch.tensor([0.1, 0.7, 0.2]), ["cat", "dog", "eel"], top=2)
    dog   0.700  ██████████████
    eel   0.200  ████
    """

    def __init__(self, probabilities, classes=None, top=5, notes=()):
        self.probabilities = probabilities.detach().cpu().float().numpy()
        self.classes, self.notes = classes, list(notes)
        if top < 1:
            raise ValueError(f"top is {top}: expected how many classes to show, 1 or more")
        order = (-self.probabilities).argsort(kind="stable")[:top]
        self.top = [(self.name(index), float(self.probabilities[index])) for index in order]

    def name(self, index):
        """The class's name, or its number as text."""
        return str(self.classes[index]) if self.classes is not None else str(index)

    @property
    def best(self):
        """The most probable class."""
        return self.top[0][0]

    def __iter__(self):
        return iter(self.top)

    def __len__(self):
        return len(self.top)

    def __getitem__(self, index):
        return self.top[index]

    def __repr__(self):
        width = max(len(name) for name, _ in self.top) + 2
        lines = [
            f"{name:<{width}} {share:.3f}  {'█' * round(drawn(share) * BAR)}".rstrip()
            for name, share in self.top
        ]
        return "\n".join([*lines, *(f"({note})" for note in self.notes)])

    def _repr_html_(self):
        """A table; its bars are letters: a notebook that is not trusted loses only the colour."""
        style = "text-align:left;white-space:pre;line-height:1;color:var(--jp-brand-color1,#1976d2)"
        rows = "".join(
            f"<tr><td style='text-align:left'>{html.escape(name)}</td><td>{share:.3f}</td>"
            f"<td style='{style}'>{blocks(share)}</td></tr>"
            for name, share in self.top
        )
        notes = "".join(f"<div>{html.escape(note)}</div>" for note in self.notes)
        return f"<table>{rows}</table>{notes}"


def blocks(share):
    """A bar of letters, to an eighth of a letter.

    >>> blocks(0.5), blocks(0.03)
    ('██████████', '▋')
    """
    whole, eighths = divmod(int(drawn(share) * BAR * 8 + 0.5), 8)
    return "█" * whole + (" ▏▎▍▌▋▊▉"[eighths] if eighths else "")


def drawn(share):
    """The length of a bar, 0…1; nothing is drawn of what is not a number."""
    return share if share == share else 0.0


def probabilities(output):
    """(shares that sum to 1 along the classes, notes) of a classifier's output (image, class).

    Logits go through softmax; shares and their logarithms are recognised.
    Raises TypeError for an output that is no row of classes per image.
    """
    if output.ndim != 2 or output.shape[1] < 2:
        raise TypeError(
            f"the net's output has shape {tuple(output.shape)}: predict expects a row of two or "
            "more classes per image (image, class); net.output gives the numbers"
        )
    output = output.float()
    lost = int((~torch.isfinite(output)).sum())
    if lost:
        return torch.softmax(output, 1), [f"{lost} outputs are NaN or infinite"]
    ones = torch.ones(len(output), device=output.device)
    if (output >= 0).all() and torch.allclose(output.sum(1), ones, atol=1e-3):
        return output, []
    if torch.allclose(output.exp().sum(1), ones, atol=1e-3):
        return output.exp(), []
    return torch.softmax(output, 1), []
