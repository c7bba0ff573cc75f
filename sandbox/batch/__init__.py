"""Many runs: a plan, the runs in it, and the processes that play them.

    spec       what a plan file can say                  desk       the queue and the governor as workers meet them
    grid       the runs a plan stands for                worker     one process, hundreds of runs
    queue      who plays which run, in one SQLite file   parent     starts workers, watches them, says how it goes
    governor   what all workers together may ask         on_ray     the same on a Ray cluster
    gate       how that reaches a model                  after      judges and exports

A run is the unit. It is played in a hidden folder and moved to its place when it is whole, so what stands in the
batch's folder is finished. All that decides anything is in the run's own log and calls; the queue can be lost.
"""
