"""Words for remembering by: how text is cut into terms, and which words speak of the same thing.

A term is a word without its usual endings, or a *notion*: `=fear` for `afraid`, `terror` and `dread`. Notions let a
question find an answer in other words with no model at hand. The table is small on purpose: everyday life and what
stories are made of, so that it fits every world a little.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

__all__ = ["FEELINGS", "NOTION", "Terms", "terms"]

NOTION = "="
"""What a term begins with that is a notion and no word."""

FEELINGS = frozenset(
    f"{NOTION}{name}" for name in ("fear", "anger", "joy", "grief", "shame", "love", "hate", "death")
)
"""Notions that stir: what is told in such words is kept in mind more readily."""

_STOP = frozenset(
    """a an the and or but if of to in on at by for with from as is are was were be been being am do does did done have
    has had having i me my mine you your yours he him his she her hers it its we us our ours they them their theirs this
    that these those there here what which who whom whose when where why how not no nor so too very can could will would
    shall should may might must just about into over than then them some any all each also more most other such only
    own same up down out off again once i'm i've i'll i'd you're you've you'll you'd it's he's she's that's there's
    don't didn't doesn't isn't wasn't won't can't couldn't wouldn't let's says asks""".split()
)

_NOTIONS = """
work: work job employ occupation profession career trade hire boss wage salary office colleague business earn craft
work: apprentice shift duty workplace company freelance labour meeting deadline project client
school: school study degree university college learn teach teacher student pupil lesson class course graduate exam
school: education professor lecture academic thesis scholar subject
family: family mother father mum mom dad sister brother cousin aunt uncle parent son daughter child children kin wife
family: husband grandmother grandfather niece nephew sibling relative twin spouse
partner: married marry wedding husband wife spouse partner girlfriend boyfriend engaged single divorce widow
partner: relationship romantic bride lover date
friend: friend companion pal ally buddy mate comrade acquaintance neighbour neighbor
love: like love enjoy adore fond favourite favorite prefer preference passion keen relish delight obsess appreciate
love: admire hook
hate: hate dislike loathe despise detest avoid annoy bother disgust unpleasant worst
food: food eat ate meal dish cook bread meat soup stew dinner supper breakfast lunch cuisine recipe hungry restaurant
food: taste bake cake pie snack vegetarian vegan diet spicy rice cheese fruit vegetable kitchen
drink: drink drank beer wine ale coffee tea thirst cup bottle rum whisky brandy juice tavern cafe
home: home house live reside residence dwell lodging address flat apartment neighbourhood neighborhood settle room
town: city town village county state district capital downtown local
country: country nation nationality abroad citizen foreign kingdom homeland border
birth: born birth birthday birthplace native origin grew raise childhood hometown root
age: age old year young elder birthday turn decade
looks: look appear appearance tall short height hair eye beard build face blond brunette handsome pretty slim bald
looks: curly glasses skin figure inch
clothes: wear wore cloth clothes dress coat shirt boot cloak hat shoe outfit jacket fashion style scarf
health: ill illness sick health healthy disease allergy allergic medicine doctor healer pain cure fever condition
health: asthma cough treat treatment hospital symptom headache pill
injury: hurt wound injure injury bleed blood broke broken bruise limp scar burn cut sprain stab ache
death: die died dead death kill murder bury grave corpse funeral slay slain poison drown
fear: fear afraid scare frighten terror terrify dread phobia nervous anxious worry panic
anger: anger angry furious rage mad quarrel argue shout temper resent grudge
joy: joy happy glad laugh smile cheer merry please excite thrill celebrate
grief: grief sad cry wept weep tears mourn sorrow lonely miss regret heartbroken
shame: shame ashamed guilt guilty blush embarrass humiliate disgrace sorry apologise apologize
money: money coin gold silver pay paid price cost buy bought sell sold debt owe spend rich poor loan bank purchase
money: wealth cheap afford budget
theft: steal stole stolen thief rob robber took pickpocket burglar loot missing vanish
secret: secret hide hid hidden conceal confess confide private whisper reveal admit
lie: lie liar lying deceive cheat false trick fraud pretend dishonest untrue
trust: trust faith rely loyal honest believe betray traitor
travel: travel journey trip road ride visit holiday vacation tour destination explore train sail voyage adventure
vehicle: car bike bicycle motorbike motorcycle vehicle drive drove cart wagon truck ship boat engine
animal: pet dog cat parrot bird horse animal puppy kitten fish rabbit hound mule sheep goat feed
music: music song sing sang singer instrument guitar piano fiddle drum band concert tune album melody genre lute
book: book read novel author writer write wrote poem poet literature story page library fiction thriller chapter
film: film movie watch cinema series television show actor actress director documentary drama comedy episode
sport: sport football run ran swim cycle yoga hike gym exercise climb row tennis workout fitness athletic jog game
sport: team
hobby: hobby pastime leisure interest weekend spare free activity relax unwind pursue collect
skill: skill able talent gifted expert proficient ability knack excel master technique competent strength
art: paint painter draw drawing art artist sketch sculpture museum gallery exhibition
god: god pray prayer church temple religion religious priest saint bless worship holy spiritual
weather: weather rain snow storm wind sun cold hot fog thunder frost ice cloud season
weapon: weapon knife sword gun blade dagger axe bow pistol spear club
fight: fight fought attack hit strike struck punch beat brawl battle war soldier duel
hope: hope dream goal wish plan want ambition aspire future intend aim someday achieve
past: previous previously former formerly ago past used before earlier last ex
promise: promise swear swore oath vow pledge word agree deal bargain
help: help aid assist rescue save support favour favor volunteer
danger: danger dangerous threat threaten risk warn trap beware peril
habit: habit routine always usually often daily morning evening night sleep wake regular
nature: kind brave shy stubborn proud curious patient generous clever lazy character personality temperament quiet
language: language speak spoke fluent tongue accent translate
device: computer phone laptop software app device gadget tablet code internet online digital
plant: garden plant tree flower herb seed grow leaf forest wood
party: party feast dance wedding gathering festival guest invite
key: key lock unlock door gate open shut close bolt chest
jewel: ring jewel gem necklace brooch pearl ruby garnet diamond amulet
letter: letter note message post paper map document scroll
law: law judge court guard police arrest prison jail crime guilty sheriff innocent trial
child: child childhood kid baby boy girl young infant
contact: phone number email mail call contact reach
group: group club community network organisation organization association member belong charity
shop: brand buy shop store product purchase market order
name: name call nickname surname
"""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ENDINGS = (
    ("ingly", ""),
    ("edly", ""),
    ("ies", "y"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
)
_SHORTEST = 3


class Terms(NamedTuple):
    """A text, cut up."""

    words: tuple[str, ...]
    """Words that carry meaning, without their endings, in order."""
    notions: tuple[str, ...]
    """What they speak of, in order, each as often as it is spoken of."""
    small: tuple[str, ...]
    """Words such as `where` and `the`."""

    @property
    def all(self) -> tuple[str, ...]:
        """Words and notions."""
        return self.words + self.notions


@lru_cache(maxsize=512)
def terms(text: str) -> Terms:
    """Cut a text into terms. Pure: the same text gives the same terms in every process."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    words = tuple(_stem(word) for word in found if word not in _STOP)
    notions = tuple(notion for word in words for notion in _TABLE.get(word, ()))
    return Terms(words, notions, tuple(word for word in found if word in _STOP))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending) + instead
    return word


def _read(table: str) -> Mapping[str, tuple[str, ...]]:
    """Turn the table round: stem to its notions."""
    notions: dict[str, dict[str, None]] = {}
    for line in table.strip().splitlines():
        name, _, words = line.partition(": ")
        for word in words.split():
            notions.setdefault(_stem(word), {})[f"{NOTION}{name}"] = None
    return {word: tuple(names) for word, names in notions.items()}


_TABLE = _read(_NOTIONS)
