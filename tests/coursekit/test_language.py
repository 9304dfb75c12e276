"""Text as batches: windows, pages, losses; the numbers can be counted by hand."""

import math

import pytest
import torch
from torch import nn

from coursekit import language, memory
from coursekit.language import IGNORE, Pages, Windows, adamw, bits_per_byte, cross_entropy, score
from coursekit.training import fit


class Flat(nn.Module):
    """Gives each of `vocabulary` tokens the same logit, but for one that it likes."""

    def __init__(self, vocabulary, liked=0.0):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(vocabulary))
        self.logits.data[0] = liked

    def forward(self, ids):
        return self.logits.expand(*ids.shape, -1)


def test_windows_come_from_the_text_and_from_all_of_it():
    windows = Windows(torch.arange(50), length=4, batch=8, steps=100)
    rows = torch.cat([torch.cat([x, y[:, -1:]], 1) for x, y in windows])
    assert torch.equal(rows, rows[:, :1] + torch.arange(5))
    assert sorted(set(rows[:, 0].tolist())) == list(range(46)), "first and last window, too"
    assert rows.dtype == torch.int64 and len(windows) == 100


def test_windows_can_be_made_to_start_where_stories_do():
    windows = Windows(torch.arange(50), 4, 8, 20, starts=[0, 7, 31, 46, 49])
    assert {int(start) for x, _ in windows for start in x[:, 0]} == {0, 7, 31}, "46 is too late"


def test_windows_depend_on_seed_and_epoch_alone():
    def rows(seed, epoch):
        windows = Windows(torch.arange(99), 3, 4, 5, seed=seed)
        windows.set_epoch(epoch)
        torch.rand(3)
        return [x[:, 0].tolist() for x, _ in windows]

    assert rows(0, 2) == rows(0, 2) and len({str(rows(s, e)) for s in (0, 1) for e in (1, 2)}) == 4


def test_processes_share_each_batch():
    whole, *shares = (Windows(torch.arange(99), 3, 6, 4, rank=r, world=w)
                      for r, w in ((0, 1), (0, 3), (1, 3), (2, 3)))  # fmt: skip
    for (x, _), *parts in zip(whole, *shares, strict=True):
        assert all(len(part) == 2 for part, _ in parts)
        assert sorted(x[:, 0].tolist()) == sorted(sum((p[:, 0].tolist() for p, _ in parts), []))
    with pytest.raises(ValueError, match="batch of 6 cannot be shared evenly by 4 processes"):
        Windows(torch.arange(99), 3, 6, 4, world=4)


def test_a_text_shorter_than_a_window_is_refused():
    assert len(list(Windows(torch.arange(5), 4, 1, 1))) == 1
    with pytest.raises(ValueError, match="4 tokens are no window of 4 and the one after it"):
        Windows(torch.arange(4), 4, 1, 1)


def test_what_holds_no_window_or_nothing_to_predict_is_refused():
    with pytest.raises(ValueError, match="none of 2 starts is followed by 6 tokens"):
        Windows(torch.arange(20), 5, 1, 1, starts=[15, 19])
    for tokens in (0, 1):
        with pytest.raises(ValueError, match=f"{tokens} tokens to be predicted from those before"):
            Pages(torch.arange(tokens), 5)
    with pytest.raises(ValueError, match="pages of 0 tokens: each needs at least 1"):
        Pages(torch.arange(9), 0)


@pytest.mark.parametrize("starts", [None, [0, 3, 9, 10, 14, 30], [0]])
@pytest.mark.parametrize("batch", [1, 3])
def test_pages_have_every_token_once(starts, batch):
    pages = Pages(torch.arange(37), 6, batch, starts)
    told, batches = [], 0
    for x, y in pages:
        batches += 1
        counted = y != IGNORE
        assert torch.equal(y[counted], x[counted] + 1)
        told += y[counted].tolist()
    assert told == list(range(1, 37)) and batches == len(pages)


def test_pages_begin_where_stories_do_if_these_fit():
    pages = Pages(torch.arange(37), 6, 9, starts=[0, 3, 9, 10, 14, 30])
    assert [x[0].item() for batch, _ in pages for x in batch] == [0, 3, 9, 14, 20, 26, 30]


def test_loss_per_token_is_the_surprise_and_what_is_ignored_does_not_count():
    x = torch.zeros(2, 3, dtype=torch.long)
    assert cross_entropy(Flat(8)(x), x).item() == pytest.approx(math.log(8))
    y = torch.tensor([[0, 1, IGNORE], [IGNORE] * 3])
    likes = Flat(2, liked=math.log(3))  # 3/4 and 1/4
    assert cross_entropy(likes(x), y).item() == pytest.approx(-math.log(3 / 16) / 2)
    nats, count = score(likes.train(), Pages(torch.tensor([1, 0, 1, 0, 0]), 3, 1))
    assert likes.training, "its mode is put back"
    assert count == 4 and nats == pytest.approx(-math.log((3 / 4) ** 3 / 4))


def test_bits_per_byte_do_not_depend_on_the_vocabulary():
    text = "naïve"  # six bytes
    assert bits_per_byte(6 * math.log(256), text) == pytest.approx(8)
    assert bits_per_byte(3 * math.log(65536), text) == pytest.approx(8)


def test_matrices_are_pulled_towards_0_and_nothing_else():
    model = nn.Sequential(nn.Linear(3, 3), nn.LayerNorm(3))
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    adamw(model, rate=0.5, decay=0.1).step()
    for name, p in model.named_parameters():
        torch.testing.assert_close(p.detach(), before[name] * (0.95 if p.ndim > 1 else 1))


def test_fit_learns_from_windows_and_shortens_long_gradients():
    tokens = torch.tensor([0, 0, 0, 1] * 50)
    model = Flat(2)
    past = fit(model, Windows(tokens, 4, 8, 30), Pages(tokens, 4), cross_entropy,
               torch.optim.SGD(model.parameters(), 1.0), epochs=4)
    assert past["valid_loss"][-1] == pytest.approx(-0.75 * math.log(0.75) - 0.25 * math.log(0.25),
                                                   abs=0.01)
    slow = Flat(2)
    fit(slow, Windows(tokens, 4, 8, 1), None, cross_entropy,
        torch.optim.SGD(slow.parameters(), 1.0), epochs=1, clip=0.01)
    assert slow.logits.norm().item() == pytest.approx(0.01, rel=1e-3)


def test_memory_is_kept_where_the_system_lets_it_be(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "win32")
    assert memory.keep() is False


def test_pages_of_a_story_longer_than_a_page_go_on_without_its_beginning():
    assert language.page_starts(30, 8, starts=[0, 20]) == [0, 8, 16, 20, 28]
