"""The words of the tales: who there is, what they have, where they go. Tables and no rule.

A name fixes the pronoun. No word of `NAMES` or `OBJECTS` is used in any other sense anywhere in
the grammar, so that a story can be read back by looking for them.
"""

SHE = ("she", "her", "her", "girl")   # subject, object, possessive, noun
HE = ("he", "him", "his", "boy")

GIRLS = ("Mia", "Anna", "Lily", "Rosa", "Clara", "Emma", "Nora", "Ivy", "Zoe", "Eva", "Ruth",
         "Hana")
BOYS = ("Tom", "Ben", "Leo", "Max", "Noah", "Finn", "Omar", "Sam", "Hugo", "Jack", "Otto", "Ravi")
NAMES = GIRLS + BOYS
PRONOUNS = {**dict.fromkeys(GIRLS, SHE), **dict.fromkeys(BOYS, HE)}

# What a hero owns, and what one does with it (past tense; {O} is "the kite" or "the red kite").
OBJECTS = {
    "kite": "flew {O}",
    "ball": "bounced {O}",
    "drum": "beat {O}",
    "lamp": "swung {O}",
    "basket": "filled {O} with leaves",
    "book": "read {O}",
    "key": "polished {O}",
    "scarf": "wore {O}",
    "flute": "played {O}",
    "letter": "read {O} again",
    "whistle": "tried {O}",
    "umbrella": "twirled {O}",
    "doll": "hugged {O}",
    "bell": "rang {O}",
    "map": "studied {O}",
    "cup": "drank from {O}",
    "blanket": "sat on {O}",
    "ring": "wore {O}",
    "hat": "wore {O}",
    "spoon": "cleaned {O}",
}
LOOKS = ("red", "blue", "green", "yellow", "old", "new", "little", "orange")   # of an object

# place: (where one is, where one goes, what lies there to be gathered, a remark)
PLACES = {
    "river": ("by the river", "to the river", ("stones", "leaves"),
              ("The river was quiet.", "The river ran fast.", "A fish jumped in the river.")),
    "bridge": ("on the bridge", "to the bridge", ("sticks", "feathers"),
               ("The bridge was old and narrow.", "Under the bridge swam two ducks.",
                "The bridge was made of wood.")),
    "forest": ("in the forest", "to the forest", ("berries", "nuts", "mushrooms"),
               ("The forest was cool and green.", "The trees of the forest were tall.",
                "An owl sat in a tree.")),
    "garden": ("in the garden", "to the garden", ("flowers", "cherries", "pears"),
               ("The garden smelled sweet.", "The flowers in the garden were open.",
                "An apple tree grew in the garden.")),
    "market": ("at the market", "to the market", ("eggs", "plums", "coins"),
               ("The market was full of people.", "An old man sold honey at the market.")),
    "school": ("at the school", "to the school", ("pencils", "crayons"),
               ("The teacher was reading a story.", "The school was an old house.")),
    "beach": ("on the beach", "to the beach", ("shells", "pebbles"),
              ("The sea was blue.", "Small waves ran up the beach.", "A boat sailed far out.")),
    "hill": ("on the hill", "to the hill", ("daisies", "feathers"),
             ("The hill was steep.", "From the hill the houses looked small.")),
    "bakery": ("at the bakery", "to the bakery", ("buns", "cookies"),
               ("The bakery smelled of warm bread.", "The baker was busy.")),
    "farm": ("at the farm", "to the farm", ("eggs", "carrots", "apples"),
             ("A cat slept in the straw.", "An old horse looked over the gate.")),
}
SINGULAR = {"stones": "stone", "leaves": "leaf", "sticks": "stick", "feathers": "feather",
            "berries": "berry", "nuts": "nut", "mushrooms": "mushroom", "flowers": "flower",
            "cherries": "cherry", "pears": "pear", "eggs": "egg", "plums": "plum",
            "coins": "coin", "pencils": "pencil", "crayons": "crayon", "shells": "shell",
            "pebbles": "pebble", "daisies": "daisy", "buns": "bun", "cookies": "cookie",
            "carrots": "carrot", "apples": "apple"}

# weather: (adjective, how one walks in it, what it was like, what it made {n} do)
WEATHER = {
    "sun": ("sunny", "in the sun",
            ("The sun was shining.", "The sky was blue and the sun was warm."),
            ("Because the sun was hot, {n} sat down under a tree.",
             "{N} took off {his} coat because the sun was so warm.")),
    "rain": ("rainy", "in the rain", ("It began to rain.", "The rain fell on the roofs."),
             ("Because it rained, {n} got wet.", "{N} ran under a tree because it rained.",
              "It rained so hard that {n} had to wait under a roof.")),
    "snow": ("snowy", "through the snow", ("It began to snow.", "The snow was deep and white."),
             ("Because it snowed, {n} walked slowly.",
              "{N} had cold hands because it snowed.")),
    "wind": ("windy", "against the wind", ("The wind was strong.", "The wind shook the trees."),
             ("Because the wind was cold, {n} closed {his} coat.",
              "The wind was so strong that {n} could not hear a word.")),
}
TIMES = ("morning", "afternoon", "day", "evening")


def article(words):
    """The indefinite article before some words.

    >>> article("old kite"), article("red kite")
    ('an', 'a')
    """
    return "an" if words[0] in "aeiou" else "a"


def counted(number, things):
    """A number of things, in the singular where there is one.

    >>> counted(1, "berries"), counted(4, "berries")
    ('1 berry', '4 berries')
    """
    return f"{number} {SINGULAR[things] if number == 1 else things}"
