"""NextTokenViewer without a browser: shares, branches, what is drawn, what is refused."""

import base64

import numpy as np
import pytest
import tiktoken
import torch
from hypothesis import given
from hypothesis import strategies as st

import vizkit as vk
from coursekit.models.gpt import GPT
from vizkit.views.sampling import SAMPLERS, shares

WORDS = ["a", "b", "c", "."]
AFTER = np.log([[0.1, 0.7, 0.1, 0.1], [0.2, 0.1, 0.6, 0.1], [0.4, 0.3, 0.1, 0.2], [1, 1, 1, 1]])


def chain(ids):
    """A Markov chain: mostly a → b → c → a."""
    return AFTER[ids[-1]]


def viewer(**how):
    return vk.next_token(chain, WORDS, [0], **how)


def send(shown, kind, **content):
    """What the script sends; returns what Python answers."""
    sent = []
    shown.send = sent.append
    shown._handle_custom_msg({"kind": kind, "number": 3, **content}, [])
    return sent


@pytest.fixture(scope="module")
def encoding():
    pieces = [bytes([n]) for n in range(256)] + [b"th", b"the", b" the"]
    ranks = {piece: n for n, piece in enumerate(pieces)}
    return tiktoken.Encoding("small", pat_str=r" ?\w+|\s|\W", mergeable_ranks=ranks,
                             special_tokens={"<|endoftext|>": 300})


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=40), st.sampled_from(SAMPLERS),
       st.floats(0.05, 20), st.integers(1, 50), st.floats(0.01, 1))
def test_every_sampler_gives_shares_and_keeps_the_likeliest(logits, sampler, heat, k, p):
    found = shares(logits, sampler, heat, k, p)
    assert found.sum() == pytest.approx(1) and (found >= 0).all()
    assert found.argmax() == np.argmax(logits) or found.max() == found[np.argmax(logits)]
    if sampler == "top-k":
        assert (found > 0).sum() <= k


def test_top_p_keeps_the_fewest_that_reach_p_and_never_drops_the_first():
    logits = np.log([0.2, 0.5, 0.3])
    assert shares(logits, "top-p", p=0.01).tolist() == [0, 1, 0]
    assert shares(logits, "top-p", p=0.5).tolist() == [0, 1, 0]
    assert np.allclose(shares(logits, "top-p", p=0.51), [0, 0.625, 0.375])
    assert np.allclose(shares(logits, "top-p", p=1), [0.2, 0.5, 0.3])


def test_the_logits_go_in_falling_order_with_the_words_of_the_first():
    shown = viewer(top=2)
    assert shown.words == ["b", "a"] and shown.ids.tolist() == [1, 0]
    assert np.allclose(np.exp(shown.logits), [0.7, 0.1, 0.1, 0.1])
    assert np.allclose(shown.data["shares"][SAMPLERS.index("greedy")], [0, 1, 0, 0])
    assert shown.data["shares"].shape == (4, 4)


def test_tokens_are_appended_undone_and_every_text_stays_a_branch():
    shown = viewer()
    shown.append("b")
    shown.append(2)
    assert (shown.text, shown.tokens, shown.at) == ("abc", [0, 1, 2], 2)
    shown.undo()
    shown.append("a")
    assert (shown.text, shown.branches) == ("aba", ["abc", "aba"])
    shown.at = 2
    assert shown.text == "abc" and np.allclose(shown.data["logits"], AFTER[2])
    shown.at = 1
    shown.append("a")
    assert shown.at == 3 and len(shown.pieces) == 4, "the same token again is the same branch"
    assert shown.pieces == ["", "b", "c", "a"] and shown.parents.tolist() == [-1, 0, 1, 1]
    for _ in range(5):
        shown.undo()
    assert (shown.at, shown.text) == (0, "a")
    assert "2 branches" in repr(shown)


def test_greedy_follows_the_chain_and_the_stop_token_ends_it():
    shown = viewer(sampler="greedy", stop=".")
    shown.write(7)
    assert shown.text == "abcabcab" and not shown.ended
    shown.append(".")
    assert shown.ended and shown.draw() == ""
    shown.undo()
    assert not shown.ended


def test_the_same_seed_draws_the_same_text_and_another_one_another():
    def written(seed):
        shown = viewer(seed=seed)
        shown.write(40)
        return shown.text

    assert written(1) == written(1) != written(2)


def test_draws_are_as_frequent_as_the_shares_say():
    shown = viewer(sampler="top-k", k=2)
    counts = {"a": 0, "b": 0, "c": 0, ".": 0}
    for _ in range(400):
        shown.at = 0
        counts[shown.draw()] += 1
    assert counts["c"] == counts["."] == 0
    assert abs(counts["b"] / 400 - 0.875) < 0.06


def test_the_scripts_messages_are_done_and_answered():
    shown = viewer(sampler="greedy")
    assert send(shown, "draw") == [{"kind": "seen", "number": 3}] and shown.text == "ab"
    send(shown, "append", token=0, at=0)
    assert shown.text == "aa", "appended to the text that was clicked, not to the newest"
    send(shown, "undo", at=1)
    assert shown.text == "a"
    assert send(shown, "append", token=99, at=0) and "vocabulary has 0 to 3" in shown.problem
    send(shown, "append", token=1, at=0)
    assert shown.problem == "" and shown.text == "ab"


def test_a_function_that_fails_leaves_the_text_as_it_was():
    def fails(ids):
        if len(ids) > 2:
            raise RuntimeError("out of cheese")
        return chain(ids)

    shown = vk.next_token(fails, WORDS, [0])
    shown.append(1)
    send(shown, "append", token=2, at=1)
    assert "out of cheese" in shown.problem and shown.text == "ab" and len(shown.pieces) == 2
    with pytest.raises(RuntimeError):
        shown.append(2)
    assert len(shown.branches) == 1


@pytest.mark.parametrize(("name", "value", "said"), [
    ("temperature", 0.0, "above 0"), ("temperature", -1.0, "above 0"),
    ("temperature", float("nan"), "above 0"), ("k", 0, "1 or more"), ("p", 0.0, "above 0"),
    ("p", 1.5, "up to 1"), ("at", 7, "there are 0 to 0"),
])  # fmt: skip
def test_settings_without_a_meaning_are_refused(name, value, said):
    with pytest.raises(ValueError, match=said):
        setattr(viewer(), name, value)


@pytest.mark.parametrize(("logits", "said"), [
    ([0.0, np.nan, np.inf], "2 of 3 logits are NaN or infinite"),
    ([-np.inf, -np.inf], "no token is left"),
    (np.zeros((3, 4)), r"shape \(3, 4\)"), (3.0, "expected the logits"),
])  # fmt: skip
def test_logits_without_shares_are_refused(logits, said):
    with pytest.raises(ValueError, match=said):
        vk.next_token(lambda ids: logits, WORDS, [0])


def test_an_empty_prompt_begins_with_the_end_of_text_or_is_refused(encoding):
    shown = vk.next_token(lambda ids: torch.zeros(1, 310), encoding)
    assert shown.tokens == [300] and shown.prompt == ["<|endoftext|>"]
    with pytest.raises(ValueError, match="the prompt is empty"):
        vk.next_token(chain, WORDS, [])
    with pytest.raises(TypeError, match="give their numbers"):
        vk.next_token(chain, WORDS, "ab")
    with pytest.raises(TypeError, match="predict is Linear|expected a function"):
        vk.next_token(np.zeros(3), WORDS, [0])
    with pytest.raises(ValueError, match="is 2 tokens; expected one"):
        vk.next_token(chain, encoding, "a", stop=", ")


def test_pieces_of_a_letter_are_bytes_and_the_text_is_whole(encoding):
    euro = list("€".encode())
    shown = vk.next_token(lambda ids: np.eye(310)[300], encoding, " the<|endoftext|>")
    assert shown.prompt == [" the", "<|endoftext|>"]
    for number in euro:
        shown.append(number)
    assert shown.text == " the<|endoftext|>€" and shown.pieces[1] == "⟨e2⟩"
    shown.append(305)
    assert shown.pieces[-1] == "⟨305⟩", "a model may have room for more tokens than there are"


def test_a_net_is_asked_with_its_changes_and_within_its_context(encoding):
    torch.manual_seed(0)
    model = GPT(vocabulary=301, context=6, width=16, depth=2, heads=2)
    model.encoding = encoding
    net = vk.Net(model)
    shown = net.next_token("the the the", sampler="greedy")
    assert shown.prompt == ["the", " the", " the"]
    with torch.no_grad():
        expected = model(torch.tensor([[257, 258, 258]]))[0, -1]
    assert np.allclose(shown.data["logits"], expected, atol=1e-5)
    shown.write(8)
    assert len(shown.tokens) == 11, "past the context it reads the last six"
    other = net.without(net["blocks.0.mlp"]).next_token("the the the")
    assert not np.allclose(other.data["logits"], expected, atol=1e-4)
    with pytest.raises(TypeError, match="takes image, not tokens"):
        vk.Net(torch.nn.Conv2d(1, 1, 3)).next_token([1])


def test_a_net_without_its_head_is_told_from_one_that_has_it():
    body = torch.nn.Sequential(torch.nn.Embedding(30, 8), torch.nn.Linear(8, 8))
    with pytest.raises(ValueError, match="8 numbers at each position.*hidden states, not logits"):
        vk.Net(body).next_token([1, 2])
    whole = torch.nn.Sequential(*body, torch.nn.Linear(8, 30))
    assert len(vk.Net(whole).next_token([1, 2]).data["logits"]) == 30
    square = torch.nn.Sequential(torch.nn.Embedding(8, 8), torch.nn.Linear(8, 8))
    assert len(vk.Net(square).next_token([1, 2]).data["logits"]) == 8


def test_the_picture_says_what_was_tried(tmp_path):
    shown = viewer(sampler="top-p", p=0.8)
    shown.append("b")
    shown.undo()
    shown.append("c")
    figure = shown.figure()
    assert [axes.get_title() for axes in figure.axes] == [
        "greedy", "temperature 1", "top-k, k = 10", "top-p, p = 0.8"]
    assert figure.subfigs[1]._suptitle.get_text() == "also tried:\n… b"
    assert "'a' 1.00 greedy, 0.400 temperature" in shown.describe()
    bundle = shown.picture()["text/html"]
    assert base64.b64decode(bundle.split("base64,")[1].split('"')[0])[:4] == b"\x89PNG"
    assert shown.save(tmp_path / "next.npz").exists() and shown.save(tmp_path / "a.svg").exists()
