"""Streams: the parts of an answer while it is written.

`lexer` finds tokens in text that comes in pieces, `places` knows what Pydantic says of each place of a type,
`tracker` makes closed parts of both; `attempts` asks the backend for the text, `production` is the task that
does it, and `reading` is what callers hold.
"""
