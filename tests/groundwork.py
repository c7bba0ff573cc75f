"""A small world in which nothing is wrong, as plain data, and a way to break one thing in it."""

import copy
from typing import Any

import yaml

from worlds.actions import Scalar
from worlds.source import Key
from worlds.spec import Character, World

__all__ = ["CARD", "GONE", "WORLD", "broken", "character", "world"]

GONE = object()
"""Stands for a field to be left out."""

WORLD: dict[str, Any] = yaml.safe_load("""
id: inn
title: The Inn
genre: test
premise: A ring is gone.
clock: {start: "day 1 18:00", minutes: 10}
allows: [attack]
turns: 60
places:
  hall:
    name: the hall
    text: A hall.
    exits: [{to: cellar, door: hatch}, {to: yard}, {to: nook, hidden: panel.found is true}]
  cellar: {name: the cellar, text: A cellar., exits: [{to: hall, door: hatch}]}
  yard: {name: the yard, text: A yard., exits: [{to: hall}]}
  nook: {name: the nook, text: A nook., exits: [{to: hall}]}
things:
  hatch:
    {name: the hatch, at: hall, portable: false, door: true, key: key, facts: {open: false, locked: true}}
  key: {name: a key, at: box}
  box: {name: a box, at: yard, capacity: 2, facts: {open: false}}
  ring: {name: a ring, at: cellar, clues: [{text: An M., claim: [ring, owner, mira]}]}
  knife: {name: a knife, at: yard}
  ashes: {name: some ashes}
  panel:
    name: a panel
    at: hall
    portable: false
    facts: {found: false}
    uses:
      - text: "{who} presses it."
        when: [panel.found is false]
        effects: [{effect: became, subject: panel, attribute: found, value: true}]
facts: {snow.depth: 2}
phrases:
  owner:
    says: "{subject} belongs to {value}"
    asks: whose {subject} is
    denies: "{subject} is not {value}'s"
secrets:
  - {id: owning, text: The ring is Mira's., claim: [ring, owner, mira], known_by: [mira]}
deeds:
  - id: trip
    text: trips the other
    to: character
    when: [actor.at is yard]
    ok: "{who} trips {to}."
    fails: "{to} steps aside."
    effects: [{effect: profile, who: target, slot: injury.knee, value: grazed}]
beats:
  - id: snow
    text: It snows.
    every: 5
    effects: [{effect: became, subject: snow, attribute: depth, value: 1, add: true}]
  - {id: drift, text: The yard fills., when: [snow.depth >= 6]}
  - id: thaw
    text: It thaws.
    after: drift
    delay: 3
    at: turn 20
    place: yard
    effects:
      - {effect: moved, who: ivo, to: hall}
      - {effect: created, thing: ashes, at: hall}
      - {effect: passed, thing: ring, to: ivo}
scenes:
  - {id: evening, premise: Supper., rounds: 4}
  - {id: night, premise: Night., cast: [mira]}
endings:
  - {id: found, text: It is found., when: [ring.holder is mira, owning.knowers >= 2]}
cast:
  mira: {at: hall}
  ivo: {at: yard, holds: [knife]}
""")

CARD: dict[str, Any] = yaml.safe_load("""
id: mira
name: Mira
core:
  identity: Mira, a courier.
  summary: She counts. She likes mules.
  traits: {proud: 0.8, kind: 0.5}
  voice: {samples: [So.], lines: {ask: ["What of {topic}, {to}?"]}}
  taboo_verbs: [lie]
  goals:
    - {id: ring, want: have ring, text: get my ring back}
slots: {trust.ivo: -0.2, belief.ring.owner: mira, goal.old: dropped}
""")


def broken(data: dict[str, Any], where: tuple[Key, ...], value: object) -> dict[str, Any]:
    """Give a copy with another value at one path, or without it."""
    whole: Any = copy.deepcopy(data)
    inner = whole
    for key in where[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[where[-1]]
    else:
        inner[where[-1]] = value
    return dict(whole)


def world(where: tuple[Key, ...] = (), value: object = None) -> World:
    """Give the world, with one thing broken if a path is given."""
    return World.model_validate(broken(WORLD, where, value) if where else WORLD)


def character(slots: dict[str, Scalar] | None = None) -> Character:
    """Give Mira as she enters the world, or with other slots."""
    usual: dict[str, Scalar] = {"goal.ring": "have ring", "trust.ivo": -0.2}
    return Character(id="mira", name="Mira", slots=usual if slots is None else slots)
