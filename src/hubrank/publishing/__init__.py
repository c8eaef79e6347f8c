"""What a run publishes: one file per format."""
