"""What can happen in a tale. A scene takes the Teller, says one to four sentences and keeps
account of where they are and who has the object. A plot says which may follow which.
"""
from coursekit.tales.words import PLACES, WEATHER, counted

AWAY = tuple(place for place in PLACES if place not in ("river", "bridge"))   # beyond the water


def travel(t):
    """The hero goes on; the object goes along when the hero has it."""
    t.go()
    more = (f"{{N}} took {t.the_object()} and went {{to}}.",) if t.holder == t.hero else ()
    through = () if t.dark else (f"{{N}} walked {{to}} {WEATHER[t.weather][1]}.",)
    t.say(t.hero, "{N} walked {to}.", "Then {n} went {to}.", "{N} ran all the way {to}.",
          *more, *through)


def remark(t):
    """What there is to see where they are."""
    t.tell(*PLACES[t.places[-1]][3])


def weather(t):
    """The weather and, often, what it caused."""
    _, _, what, effects = WEATHER[t.weather]
    if t.chance(0.5):
        t.tell(*what)
    else:
        t.say(t.hero, *effects)


def meet(t):
    """The friend comes in: the only way that another name enters a tale."""
    here = ("Then {name}'s friend {other} came.",) if t.places else ()
    if not t.places:
        t.go()
    t.say(t.hero, "{At} {n} met {his} friend {other}.", "{N} met {his} friend {other} {at}.",
          "{At} {n} saw {his} friend {other}.", *here)
    t.met = True
    t.person = None
    if t.chance(0.25):
        t.say(t.friend, "\"Hello, {other}!\" said {name}.", "{N} smiled and said hello.",
              "\"I am glad to see you,\" said {name}.")


def use(t):
    """The one who has the object does with it what one does with it."""
    t.say(t.holder, f"{{N}} {t.use()}.", f"{{At}} {{n}} {t.use()}.",
          f"For a while {{n}} {t.use()}.")


def gather(t):
    """A sum: two numbers of things and how many together. Money where the place is the market."""
    things = t.pick(PLACES[t.places[-1]][2])
    shapes = (more, twice, together) if t.met else (more, twice)
    if t.places[-1] in ("market", "bakery"):
        shapes += (spend,)
    t.pick(shapes)(t, t.add(things))


def more(t, numbers):
    t.say(t.hero, "{N} counted {a} {at}.", "{N} had {a}.", "{At} {n} picked up {a}.", **numbers)
    t.say(t.hero, "Then {n} got {b} more.", "{N} found {b} more.", "Soon {n} had {b} more.",
          **numbers)
    t.tell("Together that made {c}.", "That made {c}.", **numbers)


def twice(t, numbers):
    t.say(t.hero, "{N} got {a} in one place and {b} in another.",
          "{N} counted {a} on one side and {b} on the other.", **numbers)
    t.tell("That made {c}.", "Together that made {c}.", **numbers)


def together(t, numbers):
    t.say(t.hero, "{N} got {a} and {other} got {b}.", "{N} had {a} and {other} had {b}.",
          **numbers)
    t.tell("Together they had {c}.", "Together that made {c}.", **numbers)


def spend(t, numbers):
    first, second, total = t.sums[-1]
    coins = counted(first, "coins")
    t.say(t.hero, f"{{N}} paid {coins} for bread and {second} for milk.",
          f"{{N}} bought bread for {coins} and honey for {second}.")
    t.tell(f"Together that cost {total} coins.", f"That made {total} coins.")


def play(t):
    """Both do something together."""
    t.tell("They played together.", "They sat down and talked.", "They told each other stories.",
           "They walked side by side.", "They shared some bread.")


def give(t):
    """The hero gives the object away."""
    if t.chance(0.6):
        t.say(t.friend, "{N} was sad.", "{N} was sad because {his} dog was ill.",
              "{N} cried because {he} had nothing to play with.",
              "{N} looked at {O} for a long time.", "\"How are you, {other}?\" asked {name}.")
    t.say(t.hero, "{N} gave {O} to {other}.", "So {n} gave {O} to {other}.",
          "\"You can keep it,\" said {name}, and {he} gave {O} to {other}.")
    t.holder = t.friend
    t.say(t.friend, "\"Thank you, {other},\" said {name}.", "{N} laughed and thanked {other}.",
          "{N} was so glad that {he} sang a song.", f"At once {{n}} {t.use()}.")


def lend(t):
    """The friend takes the object and often gives it back."""
    t.say(t.friend, "\"May I have it for a while?\" asked {name}.", "{N} wanted to try {O}.",
          "\"Can I try it?\" {n} asked.")
    if t.chance(0.5):
        t.say(t.hero, "\"Yes, of course,\" said {name}.", "{N} nodded.",
              "\"Be careful,\" {n} said.")
    t.say(t.friend, "{N} took {O}.", "So {n} took {O} and smiled.")
    t.holder = t.friend
    if t.chance(0.5):
        t.say(t.friend, f"{{N}} {t.use()}.", f"For a while {{n}} {t.use()}.")
    if t.chance(0.6):
        t.say(t.friend, "Then {n} gave {O} back to {other}.", "Later {n} gave {O} back to {other}.",
              "{N} thanked {other} and gave {O} back to {other}.")
        t.holder = t.hero


def lose(t):
    """The object is lost, looked for, and found by the hero, the dog or the friend, or not."""
    t.say(t.hero, "There {n} lost {O}.", "Later {n} lost {O}.",
          "Because {n} was running, {he} lost {O}.")
    t.holder = None
    if t.chance(0.5):
        t.say(t.hero, "{N} cried.", "{N} looked everywhere.", "\"Where is it?\" {n} cried.",
              "{N} was sad and sat down on a stone.")
    finder = t.pick((found, by_dog, by_friend, by_friend, never) if t.met else
                    (found, found, by_dog, never))
    finder(t)


def found(t):
    t.say(t.hero, "At last {n} found {O} under a leaf.", "Then {n} found {O} in the grass.",
          "But soon {n} found {O} behind a wall.")
    t.holder = t.hero


def by_dog(t):
    t.tell("A small dog barked.", "Then a brown dog came running.", "There was a dog.")
    t.say(t.hero, "The dog brought {O} back to {M}.", "The dog found {O} and brought it to {M}.")
    t.holder = t.hero


def by_friend(t):
    t.say(t.friend, "Then {n} found {O} in the grass.", "At last {n} found {O}.")
    t.holder = t.friend
    if t.chance(0.6):
        t.say(t.friend, "{N} gave {O} back to {other}.",
              "\"Here it is,\" said {name}, and {he} gave {O} back to {other}.")
        t.holder = t.hero


def never(t):
    t.tell("Nobody could find {O}.", "It was gone for good.")
    t.say(t.hero, "\"Never mind,\" {n} said.", "{N} had to go on without it.")


def cross(t):
    """Over the bridge or by boat, to somewhere else."""
    how = t.pick(("bridge", "boat"))
    t.go(*AWAY)
    if how == "bridge":
        t.say(t.hero, "{N} crossed the bridge and came {to}.",
              "The way {to} led over a bridge, and {n} walked slowly.",
              "{N} had to cross a long bridge to get {to}.",
              "Halfway over the bridge {n} stopped to rest, and then {he} went {to}.")
    else:
        t.say(t.hero, "{N} crossed the river in a small boat and went {to}.", 
              "{N} rowed {to} in a little boat.", "{N} took a boat and sailed {to}.")


def night(t):
    """Dark, and often fear."""
    t.tell("Night came.", "Soon it was dark.", "The moon came up.", "It was a dark night.")
    t.dark = True
    if t.chance(0.7):
        t.say(t.hero, "{N} was afraid.", "{N} trembled because an owl cried.",
              "\"I am not afraid,\" said {name}.", "{N} was a little scared of the dark.")
        if t.chance(0.6):
            t.say(t.hero, "To be brave, {n} sang a song.", f"To feel better, {{n}} {t.use()}."
                  if t.holder == t.hero else "To feel better, {n} counted to ten.",
                  "A cat came and purred, and {n} felt better.")


def lesson(t):
    """The teacher asks for the object at school."""
    if t.places[-1:] != ["school"]:
        t.go("school")
        t.say(t.hero, "{N} went {to}.", "Soon {n} came {to}.")
    t.tell("\"What is that?\" asked the teacher.", "\"Show us what you have,\" said the teacher.")
    t.say(t.hero, "{N} showed {O} to the teacher.", "Proudly {n} held up {O}.",
          f"So {{n}} {t.use()}.")
    if t.chance(0.5):
        t.tell("The teacher smiled.", "\"Very good,\" said the teacher.")


def pet(t):
    """An animal comes along."""
    t.tell("A dog came along.", "A grey cat came along.", "A hungry dog barked.")
    t.say(t.hero, "It followed {M}.", "{N} gave it some water.", "{N} stroked it and it was happy.")


def music(t):
    """Somebody plays in the street."""
    t.tell("Somebody was playing music.", "From far away came a song.")
    t.say(t.hero, "{N} danced to the music.", "{N} stopped to listen.", 
          "{N} knew the song and sang along.")
