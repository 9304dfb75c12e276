"""Which scenes make a story, and how it ends. The last sentence names the hero."""
from coursekit.tales.openings import opening
from coursekit.tales.scenes import (
    cross,
    gather,
    give,
    lend,
    lesson,
    lose,
    meet,
    music,
    night,
    pet,
    play,
    remark,
    travel,
    use,
    weather,
)

# A tuple is a choice between scenes; None says nothing.
PLOTS = (
    ((travel, cross), (weather, None, None), meet, give),
    ((travel, None), meet, (use, play, None, None), lend),
    (travel, (weather, pet, None), lose, (night, None)),
    ((travel, cross), meet, (play, None, None), lose),
    (travel, (remark, weather, None), gather, (use, night, None, None)),
    (travel, gather, meet, (give, lend, None)),
    ((travel, cross), night, (pet, lose, travel)),
    (lesson, (gather, music, None), (meet, use, None)),
    (cross, (remark, weather, pet), (gather, lose, use)),
    (travel, meet, (give, lend, gather), (night, play, None)),
    (travel, (music, pet), gather, (cross, None)),
    ((weather, None, None), meet, gather, (give, lose, play, None)),
)


def story(t):
    """The whole tale, said through the Teller."""
    opening(t)
    for choice in t.pick(PLOTS):
        scene = t.pick(choice) if isinstance(choice, tuple) else choice
        if scene in (gather, remark, use) and not t.places:
            travel(t)
        if scene and fits(scene, t):
            scene(t)
    account(t)
    ending(t)


def fits(scene, t):
    """No way on where the opening has led somewhere (mostly), nothing done with what is lost, no
    weather in the dark, and no `play` of one alone.
    """
    if scene is travel and t.away and len(t.places) == 1:
        return t.chance(0.2)
    return not (scene is use and t.holder is None or scene is weather and t.dark
                or scene is play and not t.met)


def account(t):
    """Often: who has the object in the end."""
    if not t.chance(0.25):
        return
    if t.holder is None:
        t.tell("Now nobody had {O}.")
    elif t.holder == t.hero:
        t.say(t.hero, "{N} still had {O}.", "In the end {n} had {O}.")
    else:
        t.say(t.friend, "Now {n} had {O}.", "In the end {n} had {O}.")


def ending(t):
    templates = ["Happy and tired, {hero} went home.", "Then it was time for {hero} to go home.",
                 "Tired but glad, {hero} went to bed.", "It was a good day for {hero}.",
                 "{hero} never forgot that day.", "And {hero} smiled all the way home."]
    if t.met:
        templates += ["{hero} and {friend} went home together.",
                      "{hero} and {friend} were friends for ever."]
    if t.holder is None:
        templates = ["Slowly {hero} went home.", "But {hero} was brave and went home.",
                     "That night {hero} dreamed of {O}.", "{hero} never forgot {O}."]
    t.tell(*templates)
