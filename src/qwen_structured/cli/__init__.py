"""The command line ``qwen-structured``. Results go to stdout alone, everything else to stderr.

Its exit codes:

====  =======================================================================================
0     done
1     the model or its deployment gave no value, or `doctor` found a problem
2     the command, the type, the schema or a setting cannot be used, or a package is missing
130   interrupted
====  =======================================================================================

This module imports nothing of the extra ``cli``, so that it can say how to install it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from .._registry import require
from ..exceptions import ConfigurationError, QwenStructuredError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; the entry point of the console script.

    Args:
        arguments: the command's words, without the program's name; by default the process's.

    Raises:
        SystemExit: always, with one of the exit codes above.
    """
    try:
        require(("typer", "packaging"), "cli")
        from .app import app

        app(args=arguments, prog_name="qwen-structured")
    except QwenStructuredError as error:
        sys.stderr.write(f"error: {' '.join(str(error).splitlines())}\n")
        sys.exit(2 if isinstance(error, ConfigurationError) else 1)
