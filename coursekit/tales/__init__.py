"""Tales: short stories told by a seeded grammar, made in seconds and known in every part.

    tales = data.tales()                    20,000 stories: .train, .valid, .text("train")
    tales.train[0].text, .facts, .spans     a story, what is true in it, what it speaks of
    prompts("held_out", 100)                beginnings with a hero and an object never seen together
    truth.judge(prompt, continuation)       does a model's story keep hero, object, pronouns, sums
    statistics.statistics(tales)            the numbers below, counted

The 20,000 stories of seed 0: 5.8 million characters with "<|endoftext|>" after each; 278 characters
a story, 509 at most; no two alike; 408 different words. 24 people, 20 objects in 8 colours or
states, 10 places. 52% of the stories have a friend, 42% a sum; in 23% the object ends with the
friend, in 6% it is lost. 23 concepts, each in 5 to 23% of the stories: bridge in 21%.
Held out, for every seed: 48 of the 480 pairs of a person and an object, 12 of the 144 sums a + b
with a and b from 1 to 12 (in this order; b + a is told).
"""
from coursekit.tales.collection import END, Tales
from coursekit.tales.concepts import CONCEPTS, spans
from coursekit.tales.prompts import prompts
from coursekit.tales.story import Story, tell

__all__ = ["CONCEPTS", "END", "Story", "Tales", "prompts", "spans", "tell"]
