"""What a dream was asked for, as it comes: objectives or Units, a seed or many, a size."""

from collections import Counter

from vizkit.dreams.objectives import Objective, each


def listed(objectives):
    """A list of Objectives, from one, several, or Units."""
    if hasattr(objectives, "vectors"):
        return each(objectives)
    found = [objectives] if isinstance(objectives, Objective) else list(objectives)
    found = [one for item in found for one in
             (each(item) if hasattr(item, "vectors") else [item])]
    wrong = next((item for item in found if not isinstance(item, Objective)), None)
    if wrong is not None or not found:
        came = "nothing" if not found else type(wrong).__name__
        raise TypeError(f"expected objectives or Units, got {came}: "
                        'objectives.channel(net["conv1"][3]), or net["conv1"]')
    return found


def seeds_of(seed, objectives):
    """A seed for each image; from one number, the k-th image of one objective has seed + k."""
    if not isinstance(seed, int):
        seeds = [int(one) for one in seed]
        if len(seeds) != len(objectives):
            raise ValueError(f"{len(seeds)} seeds for {len(objectives)} images")
        return seeds
    before = Counter()
    seeds = []
    for objective in objectives:
        seeds.append(seed + before[objective])
        before[objective] += 1
    return seeds


def image_shape(net, size):
    """(channels, (height, width)) of the images that the model takes."""
    net.runner.must_have_values()
    if size is not None and net.runner.example is None and net.intake.kind == "image":
        height, width = size if isinstance(size, tuple | list) else (size, size)
        return net.intake.width, (int(height), int(width))
    net.runner.facts()
    shape = tuple(net.runner.example.shape[1:])
    if len(shape) != 3 or not net.runner.example.is_floating_point():
        raise TypeError(f"dreams are images; {type(net.model).__name__} takes {shape or 'tokens'}, "
                        "without the batch axis")
    if size is None:
        return shape[0], shape[1:]
    height, width = size if isinstance(size, tuple | list) else (size, size)
    return shape[0], (int(height), int(width))
