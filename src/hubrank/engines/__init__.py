"""What runs the record-heavy statements: one file per engine, all else is shared."""
