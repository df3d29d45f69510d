"""What `sam build --use-container ARGUMENT...` would have SAM's image do, as JSON in the last line: the request, the folder
that it mounts as the source, and the others. Run by SAM's own Python, in a clone."""

import json
import sys
from typing import Any

from samcli.cli.main import cli
from samcli.commands.build import build_context
from samcli.local.docker.lambda_build_container import LambdaBuildContainer


class NoDocker:
    """Says what would be run."""

    class container_client:
        @staticmethod
        def get_runtime_type() -> str:
            return "docker"

    def __init__(self, **_: Any) -> None:
        pass

    def run(self, container: LambdaBuildContainer, **_: Any) -> None:
        _, request = container._entrypoint
        told = {"request": json.loads(request)["params"], "source": container._host_dir, "others": container._additional_volumes}
        print(json.dumps(told), flush=True)
        sys.exit(0)

    def stop(self, _: LambdaBuildContainer) -> None:
        pass


build_context.ContainerManager = NoDocker
cli(["build", "--use-container", *sys.argv[1:]], prog_name="sam")
