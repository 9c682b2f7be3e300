"""Runs a validator as its command does, once for each list of arguments on standard input, and prints exit codes and what was said.

One process for all of them: starting takes trestle and `oscal` longer than reading a document. Nobody in it reaches the network."""

import json
import logging
import os
import socket
import sys
import tempfile
import zipfile
from importlib import resources
from pathlib import Path


def unreachable(*_, **__):
    raise OSError("tests fetch nothing")


def trestle():
    from trestle.cli import Trestle
    from trestle.common import log

    log.set_global_logging_levels()

    def run(arguments):
        sys.argv = ["trestle", *arguments]
        return Trestle().run()

    return run


def oscal_validate():
    from oscal_validate.cli import main

    return main


def oscal():
    """A library without a command. What it logs and what it found, a line for each."""
    from oscal import OSCAL
    from oscal.oscal_support import configure_support

    class Printing(logging.Handler):
        def emit(self, record):
            level = "WARNING" if record.levelno < logging.ERROR else "ERROR"
            print(level, record.name, " ".join(record.getMessage().split()))

    logging.getLogger().addHandler(Printing(logging.WARNING))
    # NIST's metaschemas are a database of 160 MB that the package brings along zipped. It would be unpacked into each folder that the
    # library runs in; here it is unpacked once, under another name first, as several of these processes may run at a time.
    database = Path(sys.prefix, "oscal_support.db")
    if not database.exists():
        with tempfile.TemporaryDirectory(dir=sys.prefix) as folder:
            with resources.files("oscal.data").joinpath("oscal_support.zip").open("rb") as file:
                unpacked = zipfile.ZipFile(file).extract("oscal_support.db", folder)
            os.replace(unpacked, database)
    configure_support(support_file=str(database))

    def run(arguments):
        (path,) = arguments
        document = OSCAL.load(path)
        place = os.path.basename(path)
        for phase, passed in document.validation_status.items():
            if not passed:
                print("ERROR", place, phase, passed)
        for error in document.validation_errors:
            print("ERROR", place, json.dumps(error)[:1000])
        for entry in document.import_list:
            if entry["status"].name != "READY":
                print("ERROR", place, entry["href_original"], entry["status"].name)
        if document.version_support.name != "EXACT":
            print("ERROR", place, document.requested_oscal_version, document.version_support.name)
        return 0 if document and document.imports_resolved else 1

    return run


def said(run, arguments):
    """Runs with everything that is written caught, by whomever: handlers keep the stream that they once saw."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            code = run(arguments)
        except SystemExit as end:
            code = end.code
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, copy in enumerate(kept, 1):
                os.dup2(copy, number)
                os.close(copy)
        file.seek(0)
        return code or 0, file.read().decode("utf-8")


if __name__ == "__main__":
    socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = unreachable
    run = {"trestle": trestle, "oscal-validate": oscal_validate, "oscal": oscal}[sys.argv[1]]()
    json.dump([said(run, arguments) for arguments in json.load(sys.stdin)], sys.stdout)
