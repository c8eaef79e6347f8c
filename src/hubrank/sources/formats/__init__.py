"""Files to rows: archives, delimited text, JSON, Parquet, XML."""
