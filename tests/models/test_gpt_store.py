"""The shipped GPTs: small, whole, as good as their cards say, and the cards as good as the aims."""

import pytest
import torch

from coursekit import models, tales
from coursekit.generation import generate, write
from coursekit.language import Pages, score
from coursekit.models import bpe, store
from coursekit.tales.truth import measure

NAMES = ["gpt_tales", "gpt_shakespeare"]
STORIES = 60


@pytest.mark.parametrize("name", NAMES)
def test_a_gpt_comes_ready_to_write_and_small(name):
    model = models.load(name)
    assert not model.training and model.encoding.n_vocab == model.tokens.num_embeddings
    ids = model.preprocess(["Once", "Once there was"])
    assert model(ids).shape == (*ids.shape, model.encoding.n_vocab)
    assert model.encoding.name == name and write(model, "Once", 5).startswith("Once")
    assert (store.DATA / f"weights/{name}.safetensors").stat().st_size <= 6e6
    assert model.card["parameters"] == sum(p.numel() for p in model.parameters())
    told = {"data", "command", "settings", "minutes", "versions", "licence", "converted"}
    assert told <= set(model.card)
    curve = models.results(name)["history"]
    assert len(curve["epoch"]) == model.card["settings"]["epochs"]
    assert abs(curve["valid_loss"][-1] - model.card["valid_loss_per_token"]) < 0.05
    assert bpe.load(store.DATA / f"weights/{name}.bpe") == dict(model.encoding._mergeable_ranks)


def test_the_card_of_the_tales_reaches_its_aims_also_at_the_lower_end_of_its_intervals():
    card = models.load("gpt_tales").card
    assert card["aims"] == {"hero": 0.95, "object": 0.95, "pronoun": 0.99, "sums": 0.9}
    for temperature in ("0.8", "0.0"):
        for aspect, aim in card["aims"].items():
            row = card["rates"][temperature][aspect]
            assert aim <= row["interval_95"][0] <= row["share"] and row["of"] >= 500


def test_it_tells_tales_as_well_as_its_card_says():
    model = models.load("gpt_tales")
    beginnings = tales.prompts("held_out", STORIES, seed=5)  # not those of the card
    rows = model.encoding.encode_ordinary_batch(beginnings)
    texts = generate(model, rows, 160, temperature=0.8, stop=model.encoding.eot_token)
    stories = [(b, model.encoding.decode(text[len(row) :]))
               for b, row, text in zip(beginnings, rows, texts, strict=True)]  # fmt: skip
    assert all(story.endswith(tales.END) for _, story in stories)
    rates = {aspect: right / of for aspect, (right, of) in measure(stories).items()}
    # card: 0.977, 0.999, 0.999, 0.997; of 60, three times the spread below
    assert rates["hero"] >= 0.9 and rates["object"] >= 0.93, rates
    assert rates["pronoun"] >= 0.98 and rates["sums"] >= 0.9, rates


def test_on_stories_kept_apart_its_loss_is_the_card_s_and_checkpoints_lead_to_it():
    kept = tales.Tales(600).text("valid")
    models_of = store.checkpoints("gpt_tales")
    last = list(models_of.values())[-1]
    ids = torch.from_numpy(last.encoding.encode_to_numpy(kept, allowed_special="all").astype(int))
    ends = (ids == last.encoding.eot_token).nonzero()[:, 0] + 1
    losses = []
    for model in models_of.values():
        nats, count = score(model, Pages(ids, 256, starts=[0, *ends[:-1].tolist()]))
        losses.append(nats / count)
    assert losses[-1] == pytest.approx(last.card["valid_loss_per_token"], abs=0.04)
    assert losses == sorted(losses, reverse=True) and len(losses) >= 6
    assert losses[0] == pytest.approx(torch.tensor(1024.0).log().item(), abs=0.3), "knows nothing"
    stored = models.results("gpt_tales_checkpoints")
    assert stored["valid_loss"] == pytest.approx(losses[1:-1], abs=0.1)
    size = (store.DATA / "results/gpt_tales_checkpoints.npz").stat().st_size
    assert size <= 10e6


def test_shakespeare_is_below_nanogpt_s_loss_per_character():
    card = models.load("gpt_shakespeare").card
    assert card["valid_loss_per_character"] < 1.88
    per_character = card["valid_loss_per_token"] * card["valid_tokens"] / 111_540
    assert per_character == pytest.approx(card["valid_loss_per_character"], rel=1e-3)


def test_making_checkpoints_leaves_the_random_numbers_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    store.checkpoints("gpt_tales")
    assert torch.equal(torch.rand(1), expected)
