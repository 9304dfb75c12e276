"""unit.patches against a plain hook-and-sort loop: images a second, and memory on a long stream.

    python bench/patches.py              some minutes
    python bench/patches.py --quick      a minute: fewer images, told in the result

Both find the strongest nine images of all 384 channels of AlexNet-64's relu3, of the same images,
in turns. The plain loop is what tutorials show: a forward hook, the whole model, the maximum over
positions, all maxima kept, sorted at the end; it crops nothing and has no weakest and no random
patches. Memory is the peak of a process of its own that is given images by a generator.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from machine import machine  # noqa: E402

import vizkit as vk  # noqa: E402
from coursekit import data, models  # noqa: E402
from vizkit.patches.search import batch_size, collect  # noqa: E402

LAYER, TOP = "relu3", 9


def pictures(count):
    """(images (n, 64, 64, 3), where they are from)."""
    if data.available("tiny_imagenet"):
        images = data.tiny_imagenet("train").images[:count]
        return np.asarray(images), "Tiny-ImageNet, training images"
    images = data.crops(count, size=64)
    return images.images, images.source


def plain(net, images, size):
    """The loop: numbers (unit, top) of the strongest images, and their values."""
    model, maxima = net.model, []
    handle = model.get_submodule(LAYER).register_forward_hook(
        lambda module, args, output: maxima.append(output.flatten(2).max(2).values))
    with torch.no_grad():
        for start in range(0, len(images), size):
            model(net.batch(images[start : start + size]).tensor)
    handle.remove()
    values, numbers = torch.cat(maxima).sort(0, descending=True)
    return numbers[:TOP].T.numpy(), values[:TOP].T.numpy()


def timed(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def speeds(count, turns):
    """A dict of images a second, medians of turns, on the same images in the same blocks."""
    net = vk.Net(models.load("alexnet64"))
    images, source = pictures(count)
    size = batch_size(net, LAYER)
    ours, theirs = [], []
    for _ in range(turns):
        seconds, found = timed(collect, net, LAYER, images, TOP)
        ours.append(seconds)
        seconds, (numbers, values) = timed(plain, net, images, size)
        theirs.append(seconds)
        assert np.allclose(found.values["strongest"], values, atol=1e-4)
        same = float((found.numbers["strongest"] == numbers).mean())
    crops, _ = timed(found.crops, "strongest", np.arange(384))
    rate = {name: count / statistics.median(times) for name, times in
            (("patches", ours), ("plain loop", theirs))}
    return {"images": count, "from": source, "turns": turns, "batch": size,
            "images_per_second": {name: round(value, 1) for name, value in rate.items()},
            "times_as_fast": round(rate["patches"] / rate["plain loop"], 2),
            "same_winners": round(same, 4),
            "seconds_to_crop_the_strongest_of_all_384_units": round(crops, 2)}


def peak(count):
    """Megabytes at the most, of this process, for a generator of that many images."""
    import resource  # Unix only, as is this measurement

    net, few = vk.Net(models.load("alexnet64")), data.crops(200, size=64).images
    random = np.random.default_rng(0)
    collect(net, LAYER, (np.roll(few[k % 200], random.integers(64, size=2), (0, 1))
                         for k in range(count)), TOP)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(counts):
    """A dict images → megabytes at the most, each in a process of its own."""
    found = {}
    for count in counts:
        said = subprocess.run([sys.executable, __file__, "--peak", str(count)],
                              capture_output=True, text=True, check=True).stdout
        found[count] = round(float(said.split()[-1]))
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peak", type=int)
    asked = parser.parse_args()
    torch.set_num_threads(2)
    if asked.peak:
        print(peak(asked.peak))
        return
    rows = speeds(1000 if asked.quick else 4000, 2 if asked.quick else 5)
    print(f"images a second: patches {rows['images_per_second']['patches']}, plain loop "
          f"{rows['images_per_second']['plain loop']}: {rows['times_as_fast']} times")
    used = memory([1000, 4000] if asked.quick else [1000, 10_000, 50_000])
    print("peak memory: " + ", ".join(f"{n:,} images {mb} MB" for n, mb in used.items()))
    result = {"machine": machine("torch") | {"threads": 2}, "quick": asked.quick, "layer": LAYER,
              "top": TOP, "speed": rows, "peak_megabytes": used}
    target = ROOT / "bench" / "results" / "patches.json"
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
