"""Critics: read trajectories and say how well characters were played, with evidence."""

__all__ = ["ASKING", "JUDGES"]

JUDGES = {
    "fidelity": "judges.fidelity:FidelityJudge",
    "consistency": "judges.consistency:ConsistencyJudge",
    "tracking": "judges.tracking:TrackingJudge",
}
"""Judges that work without a model: their names, and where each is. Nothing is loaded before it is asked for."""

ASKING = {
    "rubric": "judges.rubric:RubricJudge",
    "constraints": "judges.constraints:ConstraintJudge",
    "contradictions": "judges.contradictions:ContradictionJudge",
}
"""Judges that ask a model, likewise."""
