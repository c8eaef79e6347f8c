"""The outline of each cluster, and the ground it covers."""
