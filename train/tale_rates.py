"""How often a GPT's tales keep hero, object, pronouns and sums, by the grammar that reads them."""

from coursekit import tales
from coursekit.generation import generate
from coursekit.tales.truth import measure
from train.record import interval

AIMS = {"hero": 0.95, "object": 0.95, "pronoun": 0.99, "sums": 0.90}
TEMPERATURES = (1.0, 0.8, 0.0)
LONGEST = 160  # tokens to write at most; the grammar's own longest tale has 126


def told(model, kind, count, temperature, seed=0, at_once=100):
    """[(beginning, how the model went on, <|endoftext|> included)]."""
    beginnings, pairs = tales.prompts(kind, count, seed), []
    for first in range(0, count, at_once):
        some = beginnings[first : first + at_once]
        rows = model.encoding.encode_ordinary_batch(some)
        texts = generate(model, rows, LONGEST, temperature=temperature, seed=seed + first,
                         stop=model.encoding.eot_token)  # fmt: skip
        pairs += [(b, model.encoding.decode(text[len(row) :]))
                  for b, row, text in zip(some, rows, texts, strict=True)]  # fmt: skip
    return pairs


def rates(model, count=500):
    """{temperature: {aspect: share, interval, of}} on beginnings that training never saw.

    Hero, object, pronouns and who has the object: people and objects that no training story has
    together. Sums: numbers that no training story adds in this order.
    """
    found = {}
    for temperature in TEMPERATURES:
        shares = measure(told(model, "held_out", count, temperature))
        shares["sums"] = measure(told(model, "sums", count, temperature))["sums"]
        found[str(temperature)] = {
            aspect: {"share": round(right / max(of, 1), 4), "of": of,
                     "interval_95": interval(right, of)}
            for aspect, (right, of) in shares.items() if of}  # fmt: skip
    return {"rates": found, "rates_of": f"{count} beginnings a temperature, with people and "
            f"objects (sums: with additions) that training never had together, read by "
            f"coursekit.tales.truth", "aims": AIMS}  # fmt: skip
