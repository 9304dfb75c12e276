"""Right answers to the exercises of lesson 11, written otherwise than the reference."""

import math

import numpy as np
import torch


def read_line_in_an_array(x, W, U, s):
    states = np.zeros((len(x) + 1, len(s)))
    states[0] = s
    for place in range(len(x)):
        states[place + 1] = np.tanh(x[place] @ W.T + states[place] @ U.T)
    return states[1:]


def read_line_by_torch(x, W, U, s):
    cell = torch.nn.RNN(x.shape[1], len(s), bias=False, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih_l0.copy_(torch.tensor(W))
        cell.weight_hh_l0.copy_(torch.tensor(U))
        return cell(torch.tensor(x), torch.tensor(s)[None])[0]


def given_by_insert(written, start):
    late = list(written)
    late.insert(0, start)
    late.pop()
    return late


def given_by_roll(written, start):
    late = np.roll(written, 1)
    late[0] = start
    return late


def scores_in_loops(s, h, W, U, v):
    found = []
    for place in h:
        inside = [sum(W[k] * s) + sum(U[k] * place) for k in range(len(v))]
        found.append(sum(v[k] * math.tanh(inside[k]) for k in range(len(v))))
    return found


def scores_by_torch(s, h, W, U, v):
    s, h, W, U, v = map(torch.tensor, (s, h, W, U, v))
    return torch.einsum("pd,d->p", torch.tanh(W @ s + torch.einsum("de,pe->pd", U, h)), v)


def attend_in_loops(e, h, mask):
    weights, contexts = [], []
    for scores, states, there in zip(e, h, mask, strict=True):
        largest = max(score for score, real in zip(scores, there, strict=True) if real)
        raised = [math.exp(score - largest) if real else 0.0
                  for score, real in zip(scores, there, strict=True)]
        shares = [one / sum(raised) for one in raised]
        weights.append(shares)
        contexts.append(sum(share * state for share, state in zip(shares, states, strict=True)))
    return weights, contexts


def attend_by_torch(e, h, mask):
    e, h, mask = map(torch.tensor, (e, h, mask))
    weights = e.masked_fill(~mask, -torch.inf).softmax(1)
    return weights, (weights[:, None] @ h)[:, 0]


def attend_masked_and_divided_again(e, h, mask):
    weights = np.exp(e - e.max(1, keepdims=True)) * mask
    weights /= weights.sum(1, keepdims=True)
    return weights, np.einsum("np,npd->nd", weights, h)


def pointing_in_a_loop(weights, origin):
    points = counted = 0
    for row, place in zip(weights, origin, strict=True):
        if place >= 0:
            counted += 1
            points += int(np.argmax(row)) == place
    return points / counted


def pointing_by_torch(weights, origin):
    weights, origin = torch.tensor(weights)[origin >= 0], torch.tensor(origin)[origin >= 0]
    return (weights.argmax(1) == origin).double().mean()


EQUIVALENTS = {
    "11.1": [read_line_in_an_array, read_line_by_torch],
    "11.2": [given_by_insert, given_by_roll],
    "11.3": [scores_in_loops, scores_by_torch],
    "11.4": [attend_in_loops, attend_by_torch, attend_masked_and_divided_again],
    "11.5": [pointing_in_a_loop, pointing_by_torch],
}
