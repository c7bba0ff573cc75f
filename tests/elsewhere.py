"""Small worlds in the shapes of LIGHT and TextWorld, written for the tests."""

from typing import Any

__all__ = ["ENVIRONMENT", "GAME", "LIGHT"]


def node(name: str, kind: str, at: str = "VOID", **more: Any) -> dict[str, Any]:
    """A node of a LIGHT graph."""
    kinds = {which: which == kind for which in ("room", "agent", "object")}
    return {
        "name": name,
        "name_prefix": "a",
        "desc": f"This is {name}",
        **kinds,
        "classes": [kind],
        "container_node": {"target_id": at},
        "size": 1,
        **more,
    }


LIGHT: dict[str, Any] = {
    "title": "the salt works",
    "nodes": {
        "pan house_1": node(
            "pan house",
            "room",
            extra_desc="Steam stands under the roof.",
            neighbors={
                "drying loft_2": {"target_id": "drying loft_2", "label": "a ladder up", "locked_edge": None},
                "strong room_3": {
                    "target_id": "strong room_3",
                    "label": None,
                    "locked_edge": {"target_id": "iron key_7", "is_locked": True},
                },
                "nowhere_9": {"target_id": "nowhere_9", "label": "a hole"},
            },
        ),
        "drying loft_2": node(
            "drying loft",
            "room",
            neighbors={"pan house_1": {"target_id": "pan house_1", "label": "a ladder down"}},
        ),
        "strong room_3": node(
            "strong room",
            "room",
            neighbors={
                "pan house_1": {
                    "target_id": "pan house_1",
                    "locked_edge": {"target_id": "iron key_7", "is_locked": True},
                }
            },
        ),
        "boiler_4": node(
            "boiler",
            "agent",
            "pan house_1",
            persona="I boil the sea down.",
            mission="keep the fire in",
            aggression=1,
        ),
        "boiler_5": node("boiler", "agent", "drying loft_2", persona="I watch it dry.", pacifist=True),
        "rake_6": node("rake", "object", "boiler_4", gettable=1.0),
        "iron key_7": node("iron key", "object", "chest_8"),
        "chest_8": node("chest", "object", "drying loft_2", gettable=0.0, container=True, contain_size=20),
        "loaf_9": node("loaf", "object", "chest_8", food=1.0),
        "lost sock_10": node("lost sock", "object", "VOID"),
        "brine_11": node("brine", "object", "pan house_1", gettable=False),
        "sieve_12": node(
            "sieve",
            "object",
            "pan house_1",
            on_use=[
                {
                    "constraints": [{"type": "used_with_item_name", "params": {"item": "brine"}}],
                    "events": [
                        {
                            "type": "create_entity",
                            "params": {
                                "object": {"name_prefix": "a", "name": "pearl", "desc": "Small {and} round."}
                            },
                        },
                        {
                            "type": "broadcast_message",
                            "params": {"room_view": "{actor_text} sieves the brine {slowly}."},
                        },
                    ],
                }
            ],
        ),
    },
}

ENVIRONMENT: dict[str, Any] = {
    "rooms": {
        "0": {
            "setting": "Heron weir",
            "description": "Water falls all day",
            "background": "An old weir",
            "in_objects": [0],
            "in_characters": [0],
            "neighbors": [0],
        },
        "1": {
            "setting": "Lock cottage",
            "description": "A damp cottage",
            "in_objects": [0, 1],
            "in_characters": [],
            "neighbors": [],
        },
    },
    "neighbors": {
        "0": {"destination": "lock cottage", "direction": "West", "connection": "along the towpath"}
    },
    "characters": {
        "0": {
            "name": "lock keeper",
            "desc": "Wet to the knees",
            "personas": ["I keep the lock.", "I fish."],
            "carrying_objects": [1],
        }
    },
    "objects": {
        "0": {"name": "bucket", "descriptions": ["a tin bucket"], "is_container": 1.0},
        "1": {"name": "windlass", "descriptions": ["an iron crank"]},
    },
}


def fact(name: str, *about: str) -> dict[str, Any]:
    """A fact of a TextWorld game; types go by the ids."""
    return {"name": name, "arguments": [{"name": key, "type": key.split("_")[0]} for key in about]}


def win(*facts: dict[str, Any]) -> dict[str, Any]:
    """A quest that is won when these hold."""
    return {
        "desc": "",
        "reward": 1,
        "win_events": [{"commands": [], "actions": [], "condition": {"preconditions": list(facts)}}],
        "fail_events": [{"condition": {"preconditions": [fact("eaten", "f_0")]}}],
    }


GAME: dict[str, Any] = {
    "version": 1,
    "world": [
        fact("at", "P", "r_0"),
        fact("at", "c_0", "r_0"),
        fact("closed", "c_0"),
        fact("in", "k_0", "c_0"),
        fact("match", "k_0", "d_0"),
        fact("link", "r_0", "d_0", "r_1"),
        fact("link", "r_1", "d_0", "r_0"),
        fact("locked", "d_0"),
        fact("east_of", "r_1", "r_0"),
        fact("west_of", "r_0", "r_1"),
        fact("at", "s_0", "r_1"),
        fact("on", "f_0", "s_0"),
        fact("edible", "f_0"),
        fact("in", "o_0", "I"),
    ],
    "infos": [
        [key, {"id": key, "type": key[0], "name": name, "desc": desc}]
        for key, name, desc in (
            (
                "r_0",
                "pantry",
                "A narrow pantry.\n It smells of cheese. [if c_0 is open]The bin is open.[end if] There is an exit.",
            ),
            ("r_1", "scullery", None),
            ("c_0", "bin", "A flour bin."),
            ("k_0", "bent key", None),
            ("d_0", "low door", ""),
            ("s_0", "shelf", ""),
            ("f_0", "pear", "A pear."),
            ("o_0", "spoon", ""),
            ("P", None, None),
        )
    ],
    "quests": [win(fact("open", "c_0")), win(fact("in", "k_0", "I")), win(fact("in", "f_0", "I"))],
    "objective": "Find the pear, and do not eat it.",
    "metadata": {"desc": "the pear"},
}
