"""The ground: frozen nouns, the error tree, identities, and JSON in and out (`wire`).

Nothing here opens a file, a socket or a process, reads a clock or draws a random number.
"""
