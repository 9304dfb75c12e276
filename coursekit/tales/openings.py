"""How a tale begins: who the hero is and what the hero has. The first name is the hero's."""
from coursekit.tales.words import TIMES, WEATHER, article


def opening(t):
    """One to three sentences, of six shapes; they name the hero and the object."""
    t.pick((walk, once, living, wish, birthday, plain))(t)


def walk(t):
    t.go()
    t.away = True
    day = f"{WEATHER[t.weather][0]} {t.pick(TIMES)}"
    t.say(t.hero, f"One {day} {{n}} went {{to}} with {{his}} {t.look} {t.thing}.",
          f"On a {day} {{n}} took {{his}} {t.look} {t.thing} {{to}}.")


def once(t):
    t.say(t.hero, f"Once there was a {{child}} named {{n}} who had {t.an_object()}.",
          f"There once lived a {{child}} named {{n}} who owned {t.an_object()}.")
    if t.chance(0.4):
        t.say(t.hero, f"{{N}} took the {t.thing} everywhere.",
              f"{{N}} loved the {t.thing} very much.",
              f"Every day {{n}} {t.use()}.")


def living(t):
    t.go()
    t.say(t.hero, f"{{N}} lived in a small house near {{place}} and had {t.an_object()}.",
          f"Near {{place}} lived a {{child}} named {{n}}, and {{he}} had {t.an_object()}.")


def wish(t):
    t.say(t.hero, f"{{N}} had always wanted {article(t.thing)} {t.thing}.")
    t.say(t.hero, f"One day {{n}} got {t.an_object()} from {{his}} grandmother.",
          f"Today {{n}} had one at last: {t.an_object()}.")


def birthday(t):
    t.say(t.hero, f"For {{name}}'s birthday there was a cake and {t.an_object()}.",
          f"On {{name}}'s birthday {{his}} mother gave {{him}} {t.an_object()}.")


def plain(t):
    t.say(t.hero, f"{{N}} had {t.an_object()}.",
          f"{{N}} was very proud of {{his}} {t.look} {t.thing}.",
          f"{{N}} liked nothing better than {{his}} {t.look} {t.thing}.")
