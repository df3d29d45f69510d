#!/usr/bin/env python3
"""Fetches, checks and builds what deps.lock pins, into a cache that clones share."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from pins import apps, cache, content_types, libs, lockfile, npm, python, store, targets, terraform, web_apps, zopfli
from pins.common import Failure, say


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("libs", help="the C libraries, for one target")
    made.add_argument("--target", required=True, choices=targets.NAMES)
    made = commands.add_parser("venv", help="a Python environment")
    made.add_argument("--group", required=True, choices=("run", "test", "sam", "package"))
    commands.add_parser("rie", help="AWS's Lambda runtime interface emulator")
    commands.add_parser("clients", help="the upload clients of the browser tests, as modules for a page")
    commands.add_parser("esbuild", help="esbuild, which makes the browser's module and page of their sources")
    commands.add_parser("zopfli", help="zopfli, which compresses what browsers load")
    commands.add_parser("types", help="the table of content types by a file name's extension")
    for name, what in npm.TOOLS.items():
        commands.add_parser(name, help=f"{what.partition(',')[0]}, and a node to run it with")
    commands.add_parser("terraform", help="Terraform, and the providers that the tests have for it")
    made = commands.add_parser("app", help="an example app, with its packages")
    made.add_argument("--name", required=True, choices=tuple(apps.MADE_BY))
    made = commands.add_parser("web-app", help="an example app of the web, built")
    made.add_argument("--name", required=True, choices=tuple(web_apps.KEPT))
    made.add_argument("--package", required=True, type=Path, help="what `make npm` makes")
    made = commands.add_parser("store", help="the S3 server of `make run` and the tests")
    made.add_argument("--name", choices=store.NAMES, default=store.DEFAULT)
    for command in commands.choices.values():
        command.add_argument("--link", type=Path, metavar="PATH", help="make PATH a link to the result")
    return parser.parse_args()


def make(args: argparse.Namespace) -> Path:
    lock = lockfile.read()
    if args.command == "libs":
        return libs.prefix(lock, args.target)
    if args.command == "venv":
        return python.environment(lock, args.group)
    if args.command == "app":
        return apps.MADE_BY[args.name](lock)
    if args.command == "web-app":
        return web_apps.built(lock, args.name, args.package)
    if args.command == "types":
        return content_types.table(lock)
    if args.command == "esbuild":
        return npm.esbuild(lock)
    if args.command == "zopfli":
        return zopfli.folder(lock)
    if args.command == "clients":
        return npm.bundles(lock)
    if args.command in npm.TOOLS:
        return npm.tool(lock, args.command)
    if args.command == "terraform":
        return terraform.folder(lock)
    return python.emulator(lock) if args.command == "rie" else store.server(lock, args.name)


def main() -> int:
    args = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that either signal cleans up
    try:
        made = make(args)
        if args.link:
            cache.link(made, args.link)
        else:
            print(made)
        return 0
    except Failure as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("interrupted; nothing half made was kept")
        return 130


if __name__ == "__main__":
    sys.exit(main())
