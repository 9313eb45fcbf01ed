"""The two engines that turn one executed or unexecuted report into its formats."""
