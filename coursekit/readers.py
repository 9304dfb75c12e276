"""Learners to compare features with: train(rows, labels) → read(rows) → labels.

Each is the same for every kind of features, so that what differs is the features.
"""

import numpy as np
import torch
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from torch import nn

from coursekit.training import fit, one_cycle


def svm(rows, labels):
    """A linear support vector machine on columns brought to mean 0 and spread 1.

    >>> svm([[0.0], [1.0], [9.0]], [0, 0, 1])([[8.0]]).tolist()
    [1]
    """
    return make_pipeline(StandardScaler(), LinearSVC(C=0.01)).fit(rows, labels).predict


def small_net(images, labels, seed=0):
    """A convolutional network for two kinds of grey images (n, 25, 25), in 2,000 looks at images.

    It computes on one thread: so small a network is slower when cores have to agree.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),  # (n, 8, 10, 10)
        nn.Conv2d(8, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),  # (n, 16, 4, 4)
        nn.Flatten(), nn.Linear(256, 2),
    )
    try:
        fit(net, (channel(images), torch.as_tensor(labels)), epochs=2000 // len(images), batch=20,
            optimizer=torch.optim.AdamW(net.parameters(), lr=1e-2), schedule=one_cycle)
    finally:
        torch.set_num_threads(threads)
    return lambda images: net(channel(images)).argmax(1).numpy()


def channel(images):
    """Grey images (n, h, w) as the batch (n, 1, h, w) of floats that a network takes."""
    return torch.as_tensor(np.float32(images))[:, None]
