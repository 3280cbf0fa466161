#!/usr/bin/env python3
"""ftprep-plugin-pychat: a format in Python. A row is a list of chat messages with the tools that may be called."""
import json, logging, os, sys
from concurrent import futures

import grpc
from ftprep.v1 import example_pb2, plugin_pb2 as pb, plugin_pb2_grpc as rpc  # generated, see README.md

MAX_MESSAGE = 256 << 20  # in bytes: the rows of an example may be several times its size

OPTIONS = [pb.Option(name="system_role", type="string", doc="The role of the system prompt.", default="system",
                     one_of=["system", "developer"])]
STEP = pb.Step(kind="output", type="pychat", doc="Writes chat messages with tool calls.", options=OPTIONS,
               holds=pb.Holds(tools=True, results=True, parallel_calls=True, turns=True))


class Plugin(rpc.PluginServiceServicer):
    def __init__(self):
        self.opened = []  # the system role of each opened step; its handle is its number, from 1

    def Describe(self, request, context):
        return pb.DescribeResponse(name="pychat", version="1.0.0", doc="Writes chat messages.", steps=[STEP])

    def Configure(self, request, context):
        if (request.kind, request.type) != (STEP.kind, STEP.type):
            context.abort(grpc.StatusCode.NOT_FOUND, f"there is no {request.kind} {request.type}")
        values = json.loads(request.options or b"{}")
        wrong = [pb.Diagnostic(option=name, reason="there is no such option") for name in values if name != "system_role"]
        role = values.get("system_role", "system")
        if role not in ("system", "developer"):
            wrong.append(pb.Diagnostic(option="system_role", reason="it is either system or developer"))
        if wrong:
            return pb.ConfigureResponse(diagnostics=wrong)
        self.opened.append(role)
        return pb.ConfigureResponse(handle=str(len(self.opened)), framing="rows")

    def Encode(self, requests, context):
        role, tools, toolsets = "system", [], {}
        for request in requests:
            step = request.WhichOneof("step")
            if step == "begin":
                role, tools = self.opened[int(request.begin.handle) - 1], request.begin.tools.tools
            elif step == "frame":
                toolsets.update((known.hash, known.tools) for known in request.frame.toolsets)
                yield pb.EncodeResponse(items=[encode(item, role, toolsets.get(item.toolset, tools))
                                               for item in request.frame.items])
            else:
                yield pb.EncodeResponse()  # no companion files

    def Drain(self, request, context):
        return pb.DrainResponse()  # each frame is answered before the next is taken, so nothing is in flight


def encode(item, role, tools):
    example = example_pb2.Example.FromString(item.example)
    messages = [message(m) for m in example.messages if m.role in ("system", "user", "assistant", "tool")]
    if not any(m["role"] == "assistant" for m in messages):
        return pb.Encoded(refused="nothing of the model's")
    if example.system:
        messages.insert(0, {"role": role, "content": example.system})
    called = {full_name(call) for m in example.messages for call in m.calls}
    row = {"messages": messages, "tools": [definition(t) for t in tools if full_name(t) in called or t.name in called]}
    return pb.Encoded(rows=[json.dumps(row, ensure_ascii=False).encode()])  # json.dumps writes no line ends


def message(m):
    made = {"role": m.role, "content": m.text}
    if m.calls:
        made["tool_calls"] = [{"id": c.id, "type": "function",
                               "function": {"name": full_name(c), "arguments": c.arguments.decode()}} for c in m.calls]
    if m.call_id:
        made["tool_call_id"] = m.call_id
    return made


def full_name(tool):  # the name of a call's tool, or of a definition
    name = getattr(tool, "tool", None) or getattr(tool, "name", "")
    return f"mcp__{tool.server}__{name}" if tool.server else name


def definition(tool):
    return {"type": "function", "function": {"name": full_name(tool), "description": tool.description,
                                             "parameters": json.loads(tool.schema or b'{"type": "object"}')}}


def main():
    logging.basicConfig()  # grpc logs exceptions in calls, with their traceback, to standard error
    if os.environ.get("FTPREP_PLUGIN") != "a4f1c7de09":
        sys.exit(f"This is a plugin of ftprep. Name it in a pipeline:\n\n  plugin \"pychat\" {{ path = {json.dumps(sys.argv[0])} }}")
    server = grpc.server(futures.ThreadPoolExecutor(64), options=[("grpc.max_receive_message_length", MAX_MESSAGE),
                                                                ("grpc.max_send_message_length", MAX_MESSAGE)])
    rpc.add_PluginServiceServicer_to_server(Plugin(), server)
    path = os.path.join(os.environ["PLUGIN_UNIX_SOCKET_DIR"], "plugin")
    port = server.add_insecure_port("127.0.0.1:0" if os.name == "nt" else "unix:" + path)  # on Windows grpc has TCP only
    server.start()
    print(f"1|1|tcp|127.0.0.1:{port}|grpc" if os.name == "nt" else f"1|1|unix|{path}|grpc", flush=True)
    sys.stdin.buffer.read()  # standard input ends when the plugin is to end, or when the host is gone
    server.stop(grace=1).wait()


if __name__ == "__main__":
    main()
