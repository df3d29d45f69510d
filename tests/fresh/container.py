"""`sam build --use-container`, without Docker: in a root that has what SAM's image for provided.al2023 has, and nothing
else, what SAM itself would have that image do. Debian 11 has the image's Python, 3.9."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

from builds import CLONE, check_function
from pins import cache
from roots import Root, StepFailed

SUITE = "bullseye"
PACKAGES = ("ca-certificates", "binutils", "curl", "g++", "gzip", "jq", "libpython3-dev", "make", "procps", "python3",
            "python3-venv", "rsync", "tar", "unzip")
# What it has none of, though this Debian has: its packages come by dnf.
ABSENT = ("/usr/bin/apt*", "/usr/lib/apt", "/usr/bin/dpkg", "/usr/bin/xz", "/usr/bin/bzip2")
REQUEST = Path(__file__).with_name("container_request.py")
# As the builder in the image does before it runs make, where it does not build in the source.
COPY = """python3 -c 'import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2], ignore=shutil.ignore_patterns(".aws-sam", ".git"),
                                    dirs_exist_ok=True)' """


def like_the_image(root: Root, log: Path) -> None:
    root.run(f"rm -rf {' '.join(ABSENT)}", log, user=0)
    # Where upstream can't be reached, this machine's apt was asked, which isn't there: the files, whose sums are checked.
    downloads = cache.root() / "downloads"
    if downloads.is_dir():
        shutil.copytree(downloads, root.folder / "root/.cache/countersign/downloads", dirs_exist_ok=True)


def request(python: Path, clone: Path, architecture: str, log: Path) -> dict[str, Any]:
    done = subprocess.run([python, REQUEST, "--parameter-overrides", f"Architecture={architecture}"], cwd=clone,
                          env={**os.environ, "SAM_CLI_TELEMETRY": "0"}, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    log.write_text(done.stdout + done.stderr)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise StepFailed("`sam build --use-container` asked for nothing") from None


def build(root: Root, python: Path, architecture: str, log: Path) -> None:
    """As root, as there, and with the sources read-only, as they are mounted."""
    clone = root.folder / CLONE.strip("/")
    told = request(python, clone, architecture, log)
    asked = told["request"]
    mounts = {asked["source_dir"]: told["source"], **{each["bind"]: host for host, each in told["others"].items()}}
    folder = asked["source_dir"] if asked["build_in_source"] else asked["scratch_dir"]
    shutil.rmtree(root.folder / "tmp/samcli", ignore_errors=True)
    for path in (*mounts, asked["artifacts_dir"], asked["scratch_dir"]):
        (root.folder / path.strip("/")).mkdir(parents=True)
    words = ["make", "--makefile", asked["manifest_path"], f"build-{asked['options']['build_logical_id']}"]
    script = [] if asked["build_in_source"] else [COPY + shlex.join([asked["source_dir"], folder])]
    script += [f"cd {shlex.quote(asked['options'].get('working_directory', folder))}",
               f"ARTIFACTS_DIR={asked['artifacts_dir']} {shlex.join(words)}"]
    root.run("\n".join(script), log, user=0, mounts=mounts)
    check_function(root.folder / asked["artifacts_dir"].strip("/"), architecture)
