"""`python -m hubrank`."""

from hubrank.cli import main

main()
