"""The study file: its sections, how it is read, what its errors say."""
