#!/usr/bin/env python3
"""ftprep-plugin-llmlog: a source in Python. It reads the SQLite logs of the llm command line tool (logs.db)."""
import json, logging, os, sqlite3, sys
from concurrent import futures
from contextlib import closing
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path

import grpc
from ftprep.v1 import example_pb2, plugin_pb2 as pb, plugin_pb2_grpc as rpc  # generated, see README.md

MAX_MESSAGE = 256 << 20
FRAME = 256, 1 << 20  # how many examples and rejects, and how many bytes, go into a frame

STEP = pb.Step(kind="source", type="llmlog", doc="Reads logs of the llm tool, a conversation an example.", options=[
    pb.Option(name="model", type="string", doc="Reads only what this model answered.")])
QUERY = """select rowid, coalesce(conversation_id, id), prompt, system, response, model, datetime_utc
           from responses order by 2, rowid"""


class Plugin(rpc.PluginServiceServicer):
    def __init__(self):
        self.opened = []  # the option model and the paths of each opened step; its handle is its number, from 1

    def Describe(self, request, context):
        return pb.DescribeResponse(name="llmlog", version="1.0.0", doc="Reads logs of the llm tool.", steps=[STEP])

    def Configure(self, request, context):
        if (request.kind, request.type) != (STEP.kind, STEP.type):
            context.abort(grpc.StatusCode.NOT_FOUND, f"there is no {request.kind} {request.type}")
        values = json.loads(request.options or b"{}")
        wrong = [pb.Diagnostic(option=name, reason="a string is needed" if name == "model" else "there is no such option")
                 for name, value in values.items() if name != "model" or not isinstance(value, str)]
        if wrong:
            return pb.ConfigureResponse(diagnostics=wrong)
        self.opened.append((values.get("model"), list(request.paths)))
        return pb.ConfigureResponse(handle=str(len(self.opened)))

    def Units(self, request, context):
        roots = [Path(path) for path in self.opened[int(request.handle) - 1][1]]
        # Names are relative to the folder that holds all paths, so they tell files of different paths apart.
        base = os.path.commonpath([root if root.is_dir() else root.parent for root in roots] or ["/"])
        files = {}
        for root in roots:
            for path in root.rglob("*.db") if root.is_dir() else [root]:
                if path.is_file():
                    name = os.fsencode(path.relative_to(base).as_posix()).decode(errors="backslashreplace")  # if not UTF-8
                    stat = path.stat()
                    files[name] = pb.File(path=os.fsencode(path), name=name, size=stat.st_size, modified=stat.st_mtime_ns)
        return pb.UnitsResponse(units=[pb.Unit(id=name, files=[files[name]]) for name in sorted(files)])

    def Read(self, request, context):
        ignored, frame, size = {}, pb.Frame(), 0
        for part in read(request.unit.files[0], self.opened[int(request.handle) - 1][0], ignored):
            if len(frame.items) + len(frame.rejects) == FRAME[0] or size and size + part.ByteSize() > FRAME[1]:
                yield pb.ReadResponse(frame=frame)
                frame, size = pb.Frame(), 0
            (frame.items if isinstance(part, pb.Item) else frame.rejects).append(part)
            size += part.ByteSize()
        # The host counts examples and rejects, derives ids and types, applies the selection, and learns the tools' schemas.
        yield pb.ReadResponse(frame=frame, tally=pb.Tally(ignored=ignored))

    def Drain(self, request, context):
        return pb.DrainResponse()


def read(file, model, ignored):
    """Yields an item or a reject for each conversation, or counts its records as ignored."""
    try:
        with closing(sqlite3.connect(f"{Path(os.fsdecode(file.path)).as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = lambda text: text.decode(errors="surrogateescape")  # spoils one conversation only
            for _, rows in groupby(database.execute(QUERY), key=lambda row: row[1]):
                rows = list(rows)
                if model and any(row[5] != model for row in rows):
                    ignored["another model"] = ignored.get("another model", 0) + len(rows)
                    continue
                try:
                    yield pb.Item(example=example(file, rows))
                except (ValueError, TypeError) as err:
                    yield pb.Reject(file=file.name, cause=f"the conversation that begins with row {rows[0][0]}: {err}")
    except sqlite3.Error as err:
        yield pb.Reject(file=file.name, cause=f"not a log of the llm tool: {err}")


def example(file, rows):
    made = example_pb2.Example(source_file=file.name, system=rows[0][3] or "")
    for row in rows:
        for role, text in ("user", row[2]), ("assistant", row[4]):
            if not isinstance(text, str):
                raise TypeError(f"what the {role} says is no text")
            made.messages.add(role=role, text=text)
    made.provenance.MergeFrom(example_pb2.Provenance(
        file=file.name, session=str(rows[0][1]), model=rows[0][5] or "", records=len(rows),
        record_ids=[str(row[0]) for row in rows], time=instant(rows[0][6])))
    return made.SerializeToString()


def instant(text):  # as RFC 3339; without a zone it is UTC
    at = datetime.fromisoformat(text) if text else None
    return at.replace(tzinfo=at.tzinfo or timezone.utc).isoformat() if at else ""


def main():
    logging.basicConfig()  # grpc logs exceptions in calls, with their traceback, to standard error
    if os.environ.get("FTPREP_PLUGIN") != "a4f1c7de09":
        sys.exit(f"This is a plugin of ftprep. Name it in a pipeline:\n\n  plugin \"llmlog\" {{ path = {json.dumps(sys.argv[0])} }}")
    server = grpc.server(futures.ThreadPoolExecutor(64), options=[("grpc.max_send_message_length", MAX_MESSAGE)])
    rpc.add_PluginServiceServicer_to_server(Plugin(), server)
    path = os.path.join(os.environ["PLUGIN_UNIX_SOCKET_DIR"], "plugin")
    port = server.add_insecure_port("127.0.0.1:0" if os.name == "nt" else "unix:" + path)  # on Windows grpc has TCP only
    server.start()
    print(f"1|1|tcp|127.0.0.1:{port}|grpc" if os.name == "nt" else f"1|1|unix|{path}|grpc", flush=True)
    sys.stdin.buffer.read()  # standard input ends when the plugin is to end, or when the host is gone
    server.stop(grace=1).wait()


if __name__ == "__main__":
    main()
