"""Runners `slurm`, `pbs` and `kubernetes`: pilot jobs on shared machines, over Parsl."""
