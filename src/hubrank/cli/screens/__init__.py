"""What commands print for people: tables on stdout. A module for each subject, which a command imports itself."""
