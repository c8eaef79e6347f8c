"""What the server takes at most: of a request, of a connection, of its own memory and time."""

TARGET_BYTES = 2_048  # path and query as sent
HEADER_BYTES = 16_384  # all header lines together
QUERY_FIELDS = 32
HEADER_SECONDS = 10.0  # for the first byte of a request to the last of its headers
STALL_SECONDS = 30.0  # that a client may take to fetch what was written to it
IDLE_SECONDS = 15  # that a connection may wait between two requests
CONNECTIONS = 500  # open at once; below the 1,024 files that systems commonly allow a process
OF_ONE_CLIENT = 64  # connections from one address of another machine
ANSWER_SECONDS = 20.0  # that a request waits for what has to be computed
WAITING = 64  # requests that wait for the one that computes
PIECE_BYTES = 64 << 10  # that are handed to a connection at once
HELD_BYTES = 16 << 20  # files kept in memory
ANSWER_BYTES = 8 << 20  # computed answers kept in memory
LARGEST_HELD = 4 << 20  # a larger file is read from disk each time
VARIANT_BYTES = 24 << 20  # other clusterings kept in memory
