"""Twenty thousand stories, parted for training and validation."""
from coursekit.tales.story import tell

END = "<|endoftext|>"
EVERY = 20   # story 19, 39, 59 … is for validation: 5%


class Tales:
    """Stories of one seed. The first stories are the same whatever the count.

    Raises ValueError for a negative count.

    >>> Tales(100)
    Tales: 100 stories of seed 0, 95 to train on and 5 to validate
    """

    def __init__(self, count=20_000, seed=0):
        if count < 0:
            raise ValueError(f"count is {count}: give how many stories to tell, 0 or more")
        self.seed, self.source = seed, f"stories of a grammar of ours, seed {seed}"
        self.stories = [tell(seed, index) for index in range(count)]

    @property
    def train(self):
        return [story for i, story in enumerate(self.stories) if i % EVERY != EVERY - 1]

    @property
    def valid(self):
        return self.stories[EVERY - 1::EVERY]

    def text(self, part="train"):
        """One string: each story followed by "<|endoftext|>". part: "train", "valid" or "all"."""
        parts = {"train": self.train, "valid": self.valid, "all": self.stories}
        if part not in parts:
            raise ValueError(f"part is {part!r}: choose 'train', 'valid' or 'all'")
        return "".join(story.text + END for story in parts[part])

    def __len__(self):
        return len(self.stories)

    def __repr__(self):
        return (f"Tales: {len(self):,} stories of seed {self.seed}, {len(self.train):,} to train "
                f"on and {len(self.valid):,} to validate")
