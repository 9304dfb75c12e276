"""Tells one story: who is in it, who was named last, who has the object. Scenes speak through it.

One rule keeps pronouns clear, for readers and for `truth`: a sentence (outside quotation marks)
has one person, the first that it mentions; each of its pronouns means that person; and where it
mentions a pronoun first, its person is that of the sentence with a person before.
"""
from coursekit.tales.held_out import FRIENDS
from coursekit.tales.words import LOOKS, OBJECTS, PLACES, PRONOUNS, WEATHER, article, counted


class Teller:
    """A story in the making. `random` is a random.Random; only its `random()` is used, whose
    numbers are the same in every Python.
    """

    def __init__(self, random, hero, thing, sums):
        self.random, self.sums_allowed = random, sums
        self.hero, self.thing, self.look = hero, thing, self.pick(LOOKS)
        self.friend = self.pick([name for name in FRIENDS[thing] if name != hero])
        self.met = False          # the friend is in the story
        self.holder = hero        # who has the object; None when nobody has
        self.away = False         # the opening has led somewhere
        self.dark = False         # night has come
        self.person = None        # whom a pronoun would mean
        self.places, self.sums = [], []
        self.weather = self.pick(tuple(WEATHER))
        self.sentences = []

    def pick(self, options):
        return options[int(self.random.random() * len(options))]

    def chance(self, probability):
        return self.random.random() < probability

    def say(self, who, *templates, **more):
        """One of the templates, as a sentence whose person is `who`.

        {N} {n} {M}   the person's name, or "She", "she", "her" where that is clear
        {he} {him} {his}   the pronouns, after one of those
        {O} the object · {other} the other person's name · {at} {to} the last place
        """
        he, him, his, child = PRONOUNS[who]
        if who == self.person and self.chance(0.7):
            names = {"N": he.capitalize(), "n": he, "M": him}
        else:
            names = {"N": who, "n": who, "M": who}
        template = self.pick(templates)
        self.sentences.append(template.format(
            **names, he=he, him=him, his=his, child=child, name=who, O=self.the_object(),
            other=self.friend if who == self.hero else self.hero, **self.place_words(), **more))
        alike = "{other}" in template and PRONOUNS[self.hero] is PRONOUNS[self.friend]
        self.person = None if alike else who   # after "Mia thanked Eva", "she" could be both

    def tell(self, *templates, **more):
        """One of the templates, as a sentence without a person, or about both of them."""
        sentence = self.pick(templates)
        if sentence.startswith("They") or "{hero}" in sentence:
            self.person = None
        self.sentences.append(sentence.format(
            O=self.the_object(), hero=self.hero, friend=self.friend, **self.place_words(), **more))

    def the_object(self):
        return f"the {self.look} {self.thing}" if self.chance(0.15) else f"the {self.thing}"

    def an_object(self):
        return f"{article(self.look)} {self.look} {self.thing}"

    def use(self):
        """What one does with the object, in the past tense."""
        return OBJECTS[self.thing].format(O=self.the_object())

    def go(self, *places):
        """Choose the next place, of these or of all (not the one where they are)."""
        here = self.places[-1:]
        self.places.append(self.pick([name for name in places or PLACES if name not in here]))

    def place_words(self):
        if not self.places:
            return {}
        at, to, _, _ = PLACES[self.places[-1]]
        return {"at": at, "to": to, "At": at.capitalize(), "place": f"the {self.places[-1]}"}

    def add(self, things):
        """Two numbers and their sum, in words of the things: {a} {b} {c} for a template."""
        first, second = self.pick(self.sums_allowed)
        self.sums.append((first, second, first + second))
        return {"a": counted(first, things), "b": second, "c": counted(first + second, things)}
