"""The Gabor fit, on Gabors made here and on kernels that are none."""

import numpy as np
import pytest

from coursekit.gabor import fit


def made(angle, frequency, middle=(0, 0), along=2.5, across=3.0, phase=0.0, side=11):
    """A Gabor written down a second time, pixel by pixel."""
    picture = np.zeros((side, side))
    for row in range(side):
        for column in range(side):
            x = column - (side - 1) / 2 - middle[0]
            y = (side - 1) / 2 - row - middle[1]
            u = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
            v = y * np.cos(np.radians(angle)) - x * np.sin(np.radians(angle))
            bell = np.exp(-((u / along) ** 2) / 2 - (v / across) ** 2 / 2)
            picture[row, column] = bell * np.cos(2 * np.pi * frequency * u + phase)
    return picture


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
@pytest.mark.parametrize("frequency", [0.15, 0.22])
def test_a_gabor_is_found_again(angle, frequency):
    found = fit(made(angle, frequency, middle=(1, -0.5), phase=1.0))
    assert found.share > 0.98
    assert abs((found.angle - angle + 90) % 180 - 90) < 5
    assert abs(found.frequency - frequency) < 0.02
    assert np.allclose(found.middle, (1, -0.5), atol=0.6)


def test_each_colour_has_its_own_strength_and_phase():
    red, blue = made(60, 0.15), -0.4 * made(60, 0.15, phase=2.0)
    kernel = np.stack([red, np.zeros_like(red), blue])
    found = fit(kernel)
    assert found.share > 0.98 and found.picture.shape == (3, 11, 11)
    assert np.abs(found.picture - kernel).max() < 0.15
    assert np.abs(found.picture[1]).max() < 1e-9


def test_the_share_is_that_of_the_energy():
    rng = np.random.default_rng(0)
    signal, noise = made(20, 0.15), rng.normal(size=(11, 11))
    noise *= np.linalg.norm(signal) / np.linalg.norm(noise)  # half of the energy
    assert 0.45 < fit(signal + noise).share < 0.65
    found = fit(signal + noise)
    rest = ((signal + noise - found.picture) ** 2).sum() / ((signal + noise) ** 2).sum()
    assert found.share == pytest.approx(1 - rest)


def test_noise_is_hardly_a_gabor():
    rng = np.random.default_rng(1)
    shares = [fit(rng.normal(size=(3, 11, 11))).share for _ in range(40)]
    assert max(shares) < 0.15, "12 numbers are fitted to 363"


def test_the_same_kernel_gives_the_same_gabor_whatever_its_size_and_sign():
    kernel = made(75, 0.1) + 0.1 * np.random.default_rng(2).normal(size=(11, 11))
    one, other = fit(kernel), fit(-1000 * kernel)
    assert one.angle == other.angle and one.share == pytest.approx(other.share)


def test_a_round_blob_needs_no_wave():
    found = fit(made(0, 0.0, along=2.0, across=2.0))
    assert found.share > 0.98 and found.frequency * found.along < 0.2


def test_what_cannot_be_fitted_is_refused():
    for kernel in (np.zeros((3, 11, 11)), np.full((5, 5), np.nan)):
        with pytest.raises(ValueError, match="nothing to fit"):
            fit(kernel)
    with pytest.raises(ValueError, match=r"expected \(colours, side, side\)"):
        fit(np.ones((3, 5, 7)))
