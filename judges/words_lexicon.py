"""The small dictionary behind the rule judges: opposites, values that exclude each other, and fields of meaning.

One entry a line; words are written in their plain form and stemmed on loading. It knows everyday English and no
character, world or data set. What it does not list it does not understand; that is the limit of a rule judge.
"""

__all__ = ["FIELDS", "NEGATORS", "NUMBERS", "OPPOSITES", "RIVALS", "STOP"]


def _entries(text: str) -> tuple[str, ...]:
    """Give the lines of a list; an indented line goes on the one before."""
    return tuple(text.strip().replace("\n    ", " ").splitlines())


STOP = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each few for from further had has have having he her
    here hers herself him himself his how i if in into is it its itself just let may me might more most must
    my myself of off on once one only or other our ours ourselves out over own quite rather really same
    shall she should so some such than that the their theirs them themselves then there these they this
    those through to too under until up upon us very was we well were what when where which while who whom
    why will with would yes you your yours yourself oh ah hey sure indeed course actually definitely
    certainly of ll ve re s d m t like something thing things lot get got make made much many tell know
    think say said talk ask bit way
    """.split()
)
"""Words too common to tell anything."""

NEGATORS = frozenset(
    "not no never nothing neither nor without cannot hardly scarcely barely nobody none nowhere refuse "
    "deny lack quit stop stopped isn wasn hate avoid".split()
)
"""Words that turn what follows them within a clause."""

NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
}
"""Number words that can be read alone or as tens and ones."""

OPPOSITES = _entries(
    """
introverted shy reserved withdrawn quiet | outgoing extroverted sociable loud talkative gregarious
honest truthful sincere upright | lying dishonest deceitful liar cheat crooked false
brave bold fearless courageous daring | cowardly coward timid fearful afraid craven
curious inquisitive | incurious indifferent uninterested bored
greedy grasping mercenary stingy miserly | generous selfless open-handed charitable
proud haughty vain arrogant | humble modest meek lowly
kind gentle tender merciful warm | cruel harsh heartless merciless cold unkind vicious
jealous envious possessive | trusting content
patient forbearing calm composed serene | impatient hasty restless hot-headed rash
loyal faithful true devoted | disloyal treacherous traitor faithless
orderly dependable tidy careful punctual | careless sloppy slovenly unreliable untidy reckless
reflective introspective thoughtful pensive | shallow thoughtless superficial unthinking
sensitive emotional feeling | callous unfeeling insensitive numb
artistic creative musical | unartistic uncreative unmusical
comfortable casual loose relaxed informal | formal structured stiff tight elegant
large big huge great massive grand bigger larger | small little tiny intimate cosy smaller minor
long | short cropped
wavy curly | straight
dark deep | light pale
old aged elderly | young youthful
rich wealthy | poor penniless destitute
love adore enjoy fond cherish treasure delight | hate loathe detest despise dislike
like prefer favour | dislike avoid mind
trust believe rely | distrust doubt suspect mistrust
friend ally | enemy foe rival
married wed husband wife | single unmarried bachelor spinster divorced
alive living | dead deceased late
healthy well sound fine whole healed mended unhurt recovered | hurt injured wounded sick ill broken sore
    crushed bruised burned scalded lame
open | shut closed locked
always often regularly usually constantly | never rarely seldom
early | late
strong | weak feeble
wise clever bright learned | foolish stupid dull ignorant
many numerous close | few lonely
alone solitude solitary | company together crowd
teach instruct | learn study
verbal verbally directly speech | music song
sad unhappy melancholy sorrowful | happy joyful cheerful glad merry upbeat
north | south
east | west
success triumph | failure defeat
war | peace
truth | lie
first | last
give | take steal
keep guard | lose abandon
"""
)
"""Two sides a line: words of one side deny the other."""

RIVALS = _entries(
    """
red blue green yellow brown black white blonde blond grey gray purple orange pink auburn silver golden hazel
city town village metropolis metropolitan urban countryside farm suburb island desert mountain coast
    coastal rural
guitar guitarist violin violinist piano pianist drum drummer flute flutist cello cellist trumpet harp
    fiddle fiddler
folk indie rock punk jazz metal pop classical opera techno blues hip-hop acoustic electronic
dress jeans suit skirt trousers gown robe uniform tracksuit heels armour
poetry novel fantasy fiction thriller romance horror mystery
sketch gardening cooking cycling hiking fishing knitting swimming climbing gaming dancing
farmer soldier baker miller smith priest doctor nurse teacher lawyer sailor tailor innkeeper merchant
    thief guard pilot engineer painter singer actor servant cook hunter butcher clerk accountant driver
    shepherd ferryman conductor
mother father sister brother aunt uncle grandmother grandfather cousin
son daughter nephew niece
spring summer autumn winter
monday tuesday wednesday thursday friday saturday sunday
dog cat horse mule parrot rabbit goat
tea coffee beer wine ale cider brandy gin whisky water
bread meat fish cheese soup broth stew
gold silver copper brass iron glass
king queen prince princess duke emperor
child teenager adult
"""
)
"""Values of one kind: who is said to have one of them, and is given another, is contradicted."""

FIELDS = _entries(
    """
look looks hair eye face appearance wear dress clothing clothes style outfit height tall skin beard
    describe colour color jeans shirt coat hat gown suit
grow background childhood upbringing hometown town village born birth origin journey roots youth past
    raised age
family mother father sister brother parent son daughter wife husband child kin uncle aunt cousin marry home
music song guitar guitarist lyric melody sing singer play instrument album record concert band tune
    perform performance venue stage audience listener violin piano folk acoustic compose composer musical
hobby interest leisure pastime reading sketching poetry literature art read book sketch draw paint
    classic notebook painting creative artistic
friend friendship social relationship companion company together interaction
feel emotion emotional sensitive introspective reflective mood heart express expression communicate
    introverted shy
teach lesson learn student school lecture instruct study provide knowledge
work job trade profession professional career living occupation employ craft master business
aspire dream goal hope wish ambition plan want future aim desire
outsider stranger lonely belong outcast misfit exile
food eat drink meal cook bread broth soup supper hungry taste beer wine ale tea brandy gin
money pay debt owe coin price cost bank rich poor gold rent buy sell
illness sick injury hurt wound pain heal doctor medicine fever arm hand leg rib foot scald burn bandage
    health
fear afraid dread scare terror frighten panic
god pray church priest saint faith bless relic sermon holy
war soldier fight weapon sword gun battle army kill
travel road ship sea river boat journey sail ferry pass mountain voyage
weather snow rain wind storm cold winter thaw ice sun
animal horse mule dog cat sheep goat cow mare stable
secret hide steal thief theft stolen rob rumour gossip suspicion
law court judge crime guilty magistrate trial charge
love marriage romance kiss jealous betray lover
"""
)
"""Fields of meaning: words of one line have to do with each other."""
