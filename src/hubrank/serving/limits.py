"""What the server takes at most: of a request, of connections, of its own memory and time."""

TARGET_BYTES = 2_048  # path and query as sent
HEADER_BYTES = 16_384  # all header lines together
IDLE_SECONDS = 15  # that a connection may wait between two requests
CONNECTIONS = 500  # open at once; below the 1,024 files that systems commonly allow a process
ANSWER_SECONDS = 20.0  # that a request waits for what has to be computed
WAITING = 64  # requests that wait for the one that computes
WAITING_OF_CLIENT = 8  # of these, of one client
GROUNDS = 4_000  # of clusters, as maps draw them, in memory: some 2 kB each
VARIANT_BYTES = 48 << 20  # other clusterings in memory
TEXTS = 128  # in memory, as they are sent
TEXT_BYTES = 4 << 20  # a larger text is read and compressed for each request
UNCOMPRESSED_BYTES = 1_024  # a shorter response is sent as it is
COMPRESSION_LEVEL = 5  # of gzip, from 1 to 9
