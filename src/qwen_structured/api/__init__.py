"""A web service over any backend: health, generate and warm-up, as an ASGI application.

The same application stands behind Modal's web endpoints and behind ``qwen-structured api``. It needs the
extra ``api``.
"""
