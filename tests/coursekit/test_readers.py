"""The learners that compare features: they learn, repeat themselves, and leave torch alone."""

import numpy as np
import pytest
import torch

from coursekit import readers


def bright_left(count, seed):
    """Noisy images whose left half (label 1) or right half (label 0) is brighter."""
    random = np.random.default_rng(seed)
    images = random.normal(0, 0.2, (count, 25, 25))
    labels = np.arange(count) % 2
    images[labels == 1, :, :12] += 0.3
    images[labels == 0, :, 13:] += 0.3
    return images, labels


@pytest.mark.parametrize("train, shape", [
    (readers.svm, (-1, 625)), (readers.small_net, (-1, 25, 25))])
def test_a_reader_tells_bright_left_from_bright_right(train, shape):
    images, labels = bright_left(40, 0)
    others, theirs = bright_left(20, 1)
    read = train(images.reshape(shape), labels)
    assert (read(others.reshape(shape)) == theirs).mean() >= 0.95


def test_the_small_network_is_the_same_by_seed_and_gives_the_threads_back():
    images, labels = bright_left(20, 0)
    noise = np.random.default_rng(2).normal(0, 0.3, (30, 25, 25))
    before = torch.get_num_threads()
    first, second = (readers.small_net(images, labels)(noise) for _ in range(2))
    assert (first == second).all()
    assert torch.get_num_threads() == before
