"""Raw files from their providers: one module for each source, one downloader, one manifest in each folder."""
