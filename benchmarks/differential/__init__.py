"""Grammars against the instances of a schema: what an engine lets through, and what it forbids.

`corpora` reads schemas with judged instances, `spelling` writes an instance as an engine's decoder would,
`engines` wraps the engines, `trial` feeds the one to the other in processes with a time limit, and `verdict`
counts what came out, with the findings that the engine declared.
"""
