"""A Modal that runs on loopback, for the unmodified Modal client: it deploys, calls, and runs containers.

Containers are real processes of Modal's own container entry point on this machine. What is in an image is not
built: a container runs in this interpreter's environment. `ControlPlane.environment` has what points a client
at it::

    with ControlPlane(log_folder).running() as plane:
        subprocess.run(["modal", "deploy", "-m", "some.app"], env={**os.environ, **plane.environment})

Checked against modal 1.6.4.
"""

from .plane import ControlPlane

__all__ = ["ControlPlane"]
