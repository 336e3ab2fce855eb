"""Give a crate to a repository, once and only once. One file for each depositor."""
