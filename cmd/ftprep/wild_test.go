package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// wild is a plugin that is made without the SDK, like one in another language: it knows only the handshake and the contract.
// Its first argument says what it does wrong.
func wild() {
	if os.Getenv("FTPREP_PLUGIN") != "a4f1c7de09" {
		fmt.Println("wild: a plugin for tests")
		return
	}
	w := &wildPlugin{fault: "none"}
	if len(os.Args) > 1 {
		w.fault = os.Args[1]
	}
	folder := os.Getenv("PLUGIN_UNIX_SOCKET_DIR")
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 && runtime.GOOS != "windows" {
		panic(fmt.Sprintf("others can look into the folder of the socket: %v, %v", info, err))
	}
	listener, err := net.Listen("unix", filepath.Join(folder, "s"))
	if err != nil {
		panic(err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(256<<20), grpc.ForceServerCodecV2(rawCodec{encoding.GetCodecV2("proto")}))
	ftprepv1.RegisterPluginServiceServer(server, w)
	go func() { _ = server.Serve(listener) }()
	version := "1"
	if w.fault == "newer-contract-only" {
		version = "2"
	}
	address := listener.Addr().String()
	if w.fault == "prefix" {
		address = "unix:" + address
	}
	fmt.Printf("1|%s|unix|%s|grpc\n", version, address)
	if w.fault == "bad" {
		fmt.Println("Serving!")
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // the host holds the other end: when it closes, the host wants the plugin to end, or is gone
	if w.fault == "never-drains" {
		fmt.Fprintln(os.Stderr, "standard input has ended")
	}
	if w.fault == "bad" || w.fault == "stays" || w.fault == "hangs" {
		time.Sleep(time.Minute)
	}
}

type wildPlugin struct {
	ftprepv1.UnimplementedPluginServiceServer
	fault string
}

func (w *wildPlugin) is(fault string) bool { return w.fault == fault || w.fault == "bad" }

func (w *wildPlugin) Describe(context.Context, *ftprepv1.DescribeRequest) (*ftprepv1.DescribeResponse, error) {
	if w.fault == "undescribed" {
		return nil, errors.New("it has no words for itself")
	}
	response := &ftprepv1.DescribeResponse{Name: "wild", Version: "1.0.0", Doc: "Does as it likes.", Steps: []*ftprepv1.Step{
		{Kind: "source", Type: "wild", Doc: "Makes examples."},
		{Kind: "filter", Type: "wild", Doc: "Keeps examples."},
		{Kind: "output", Type: "wild", Doc: "Writes examples.", Holds: &ftprepv1.Holds{Tools: true, Results: true, Turns: true}},
	}}
	if w.is("reserved") {
		response.Doc = ""
		response.Steps[0].Options = []*ftprepv1.Option{{Name: "since", Type: "string", Doc: "Steals a name."}}
		response.Steps[1].Options = []*ftprepv1.Option{{Name: "least", Type: "decimal"}}
	}
	if w.fault == "newer" {
		future(response)
	}
	return response, nil
}

// future adds a field that no host knows.
func future(message proto.Message) {
	field := protowire.AppendTag(nil, 999, protowire.BytesType)
	message.ProtoReflect().SetUnknown(protowire.AppendString(field, "of the future"))
}

func (w *wildPlugin) Configure(_ context.Context, request *ftprepv1.ConfigureRequest) (*ftprepv1.ConfigureResponse, error) {
	if w.fault == "dies-of-options" {
		fmt.Fprintln(os.Stderr, "out of cheese")
		os.Exit(9)
	}
	response := &ftprepv1.ConfigureResponse{Handle: request.Kind, Framing: "rows", Observes: w.is("routing") || w.fault == "alike-complete"}
	if request.Type != "wild" && !w.is("options") {
		return nil, fmt.Errorf("there is no %s", request.Type)
	}
	if strings.Contains(string(request.Options), "no_such_option") && !w.is("options") {
		response.Diagnostics = []*ftprepv1.Diagnostic{{Option: "no_such_option", Reason: "there is no such option"}}
	}
	if w.fault == "no-words" {
		response.Diagnostics = []*ftprepv1.Diagnostic{{}}
	}
	if w.fault == "rows-of-all-kinds" {
		response.Holds = &ftprepv1.Holds{Details: true, LastOnly: true}
	}
	if w.fault == "newer" {
		future(response)
	}
	return response, nil
}

// wildExample returns a complete example; a source may leave more to the host.
func wildExample(n int) *ftprepv1.Item {
	return encodeWild(&ftprepv1.Example{Id: fmt.Sprintf("wild-%d", n), Source: "wild", Type: "direct_execution", Messages: wildMessages(n)})
}

func wildMessages(n int) []*ftprepv1.Message {
	return []*ftprepv1.Message{{Role: "user", Text: fmt.Sprintf("request %d", n)}, {Role: "assistant", Text: "answer"}}
}

func encodeWild(example *ftprepv1.Example) *ftprepv1.Item {
	encoded, err := proto.Marshal(example)
	if err != nil {
		panic(err)
	}
	return &ftprepv1.Item{Id: example.Id, Source: example.Source, Type: example.Type, Example: encoded}
}

// mine returns a toolset under a name that is not its hash, and an example that refers to it.
func mine(description string, n int) ([]*ftprepv1.Toolset, *ftprepv1.Item) {
	item := wildExample(n)
	item.Toolset = "mine"
	return []*ftprepv1.Toolset{{Hash: "mine", Tools: []*ftprepv1.ToolDefinition{{Name: "look", Description: description}}}}, item
}

// Units is unimplemented, except for the faults that need several units.
func (w *wildPlugin) Units(ctx context.Context, request *ftprepv1.UnitsRequest) (*ftprepv1.UnitsResponse, error) {
	switch w.fault {
	case "same-units":
		return &ftprepv1.UnitsResponse{Units: []*ftprepv1.Unit{{Id: "a"}, {Id: "a"}}}, nil
	case "alike", "alike-complete", "answers-nothing":
		return &ftprepv1.UnitsResponse{Units: []*ftprepv1.Unit{{Id: "a"}, {Id: "b"}, {Id: "c"}}}, nil
	}
	return w.UnimplementedPluginServiceServer.Units(ctx, request)
}

func (w *wildPlugin) Read(request *ftprepv1.ReadRequest, stream grpc.ServerStreamingServer[ftprepv1.ReadResponse]) error {
	items := []*ftprepv1.Item{wildExample(0), wildExample(1), wildExample(2)}
	tally, frame := &ftprepv1.Tally{}, &ftprepv1.Frame{}
	switch w.fault {
	case "hangs":
		time.Sleep(time.Minute)
	case "answers-nothing": // all units hold copies of one conversation
		identity := &ftprepv1.Identity{Opening: "first"}
		items = []*ftprepv1.Item{encodeWild(&ftprepv1.Example{Messages: wildMessages(0), Identity: identity})}
	case "garbage-frame":
		return stream.SendMsg(raw("\xff\xff\xff\xff"))
	case "garbage-example":
		items[1].Example = []byte("\xff\xff\xff\xff")
	case "not-utf8":
		items[1].Example = append(protowire.AppendTag(nil, 1, protowire.BytesType), 1, 0xff)
	case "arguments":
		call := &ftprepv1.Example{Messages: []*ftprepv1.Message{{Role: "assistant", Calls: []*ftprepv1.Call{{Id: "1", Tool: "t", Arguments: []byte("[1]")}}}}}
		items[1].Example, _ = proto.Marshal(call)
	case "routing", "bad":
		items[1].Type = "negative"
	case "unknown-type":
		items[1] = encodeWild(&ftprepv1.Example{Type: "chitchat", Messages: wildMessages(1)})
	case "no-cause":
		frame.Rejects = []*ftprepv1.Reject{{File: "a.txt"}}
	case "time":
		items[1] = encodeWild(&ftprepv1.Example{Messages: wildMessages(1), Provenance: &ftprepv1.Provenance{Time: "2026-11-27T10:00:00"}})
	case "counts":
		tally.Examples = 7
	case "records":
		tally.Read = 7
	case "toolset":
		items[1].Toolset = "never sent"
	case "alike", "alike-complete":
		sets, item := mine("of "+request.Unit.Id, int(request.Unit.Id[0]))
		return stream.Send(&ftprepv1.ReadResponse{
			Frame: &ftprepv1.Frame{Items: []*ftprepv1.Item{item}, Toolsets: sets},
			Tally: &ftprepv1.Tally{Read: 1, Examples: 1, InExamples: 1},
		})
	case "after-the-end":
		if err := stream.Send(&ftprepv1.ReadResponse{Tally: &ftprepv1.Tally{}}); err != nil {
			return err
		}
	case "no-end":
		return stream.Send(&ftprepv1.ReadResponse{Frame: &ftprepv1.Frame{Items: items}})
	case "last-frame":
		if err := stream.Send(&ftprepv1.ReadResponse{Frame: &ftprepv1.Frame{Items: items}}); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond) // so that the frame is not lost with the process
		fmt.Fprintln(os.Stderr, "out of cheese")
		os.Exit(9)
	case "newer":
		response := &ftprepv1.ReadResponse{Frame: &ftprepv1.Frame{Items: items}}
		future(response)
		if err := stream.Send(response); err != nil {
			return err
		}
		items = nil
	case "socket":
		if err := os.RemoveAll(os.Getenv("PLUGIN_UNIX_SOCKET_DIR")); err != nil {
			return err
		}
	}
	frame.Items = items
	return stream.Send(&ftprepv1.ReadResponse{Frame: frame, Tally: tally})
}

func (w *wildPlugin) Apply(stream grpc.BidiStreamingServer[ftprepv1.ApplyRequest, ftprepv1.ApplyResponse]) error {
	if w.fault == "ends-early" {
		return nil
	}
	if w.fault == "unimplemented" {
		return status.Error(codes.Unimplemented, "")
	}
	for {
		request, err := stream.Recv()
		if err == io.EOF && w.fault == "unsent-verdicts" {
			return stream.Send(&ftprepv1.ApplyResponse{Verdicts: []*ftprepv1.Verdict{{}}})
		}
		if err == io.EOF && w.fault == "open-ended" {
			<-stream.Context().Done()
		}
		if err == io.EOF && w.fault == "signs-of-life" {
			return stream.Send(&ftprepv1.ApplyResponse{})
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if w.fault == "signs-of-life" {
			if err := stream.Send(&ftprepv1.ApplyResponse{}); err != nil {
				return err
			}
		}
		if request.Frame == nil || len(request.Frame.Items) == 0 && w.fault == "answers-nothing" {
			continue
		}
		if err := stream.Send(w.judge(request.Frame)); err != nil {
			return err
		}
	}
}

func (w *wildPlugin) judge(frame *ftprepv1.Frame) *ftprepv1.ApplyResponse {
	response := &ftprepv1.ApplyResponse{}
	for i := range frame.Items {
		verdict := &ftprepv1.Verdict{}
		switch w.fault {
		case "bad", "no-reason":
			verdict.Dropped = true
			verdict.Decisions = []*ftprepv1.Decision{{Action: "drop"}}
		case "other-filter":
			verdict.Dropped = true
			verdict.Decisions = []*ftprepv1.Decision{{Filter: 7, Action: "drop", Reason: "x"}}
		case "silent-drop":
			verdict.Dropped = true
		case "rewrites":
			verdict.Annotation, _ = proto.Marshal(&ftprepv1.Example{Id: "other"})
			verdict.Decisions = []*ftprepv1.Decision{{Action: "annotate"}}
		case "false-split":
			verdict.Annotation, _ = proto.Marshal(&ftprepv1.Example{Split: "eval"})
			verdict.Split = "train"
			verdict.Decisions = []*ftprepv1.Decision{{Action: "annotate"}}
		case "false-score":
			verdict.Annotation, _ = proto.Marshal(&ftprepv1.Example{QualityScore: proto.Float64(0.5)})
			verdict.Decisions = []*ftprepv1.Decision{{Action: "annotate"}}
		case "kept-drop":
			verdict.Decisions = []*ftprepv1.Decision{{Action: "drop", Reason: "x"}}
		case "split-elsewhere":
			verdict.Annotation, _ = proto.Marshal(&ftprepv1.Example{Split: "../evil"})
			verdict.Split = "../evil"
			verdict.Decisions = []*ftprepv1.Decision{{Action: "annotate"}}
		case "gives", "gives-nothing":
			sets, item := mine("of the filter", i)
			verdict.Items = []*ftprepv1.Item{item}
			verdict.Decisions = []*ftprepv1.Decision{{Action: "replace"}}
			if w.fault == "gives" && i == 0 {
				response.Toolsets = sets
			}
		case "same-ids":
			verdict.Items = []*ftprepv1.Item{wildExample(i), wildExample(i)}
			verdict.Decisions = []*ftprepv1.Decision{{Action: "replace"}}
		case "no-source":
			verdict.Items = []*ftprepv1.Item{encodeWild(&ftprepv1.Example{Id: "x", Type: "direct_execution", Messages: wildMessages(i)})}
			verdict.Decisions = []*ftprepv1.Decision{{Action: "replace"}}
		case "undecided-items":
			verdict.Items = []*ftprepv1.Item{wildExample(i)}
		case "undecided-annotation":
			verdict.Annotation, _ = proto.Marshal(&ftprepv1.Example{Tags: []string{"x"}})
		case "no-score":
			verdict.Dropped = true
			verdict.Decisions = []*ftprepv1.Decision{{Action: "drop", Reason: "x", Score: proto.Float64(2)}}
		case "unknown-action":
			verdict.Decisions = []*ftprepv1.Decision{{Action: "hide", Reason: "x"}}
		}
		response.Verdicts = append(response.Verdicts, verdict)
	}
	if w.fault == "too-many-verdicts" {
		response.Verdicts = append(response.Verdicts, &ftprepv1.Verdict{})
	}
	return response
}

func (w *wildPlugin) Encode(stream grpc.BidiStreamingServer[ftprepv1.EncodeRequest, ftprepv1.EncodeResponse]) error {
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		response := &ftprepv1.EncodeResponse{}
		if w.fault == "signs-of-life" {
			if err := stream.Send(response); err != nil {
				return err
			}
		}
		if request.GetBegin() != nil || request.GetFrame() != nil && len(request.GetFrame().Items) == 0 && w.fault == "answers-nothing" {
			continue
		}
		for i := range request.GetFrame().GetItems() {
			encoded := &ftprepv1.Encoded{Rows: [][]byte{w.row()}}
			if w.fault == "no-row" && i == 0 {
				encoded.Rows = nil
			}
			if w.fault == "refused-rows" {
				encoded.Refused = "cannot hold it"
			}
			response.Items = append(response.Items, encoded)
		}
		if request.GetFinish() != nil && w.fault == "signs-of-life" {
			response.Companions = []*ftprepv1.Companion{{Name: "card.txt", Content: []byte("about the rows\n")}}
		}
		if request.GetFinish() != nil && w.is("companion") {
			response.Companions = append(response.Companions, &ftprepv1.Companion{Name: "../evil", Content: []byte("x")})
		}
		if request.GetFinish() != nil && w.is("no-list") {
			response.Companions = append(response.Companions, &ftprepv1.Companion{Name: "list.json", Content: []byte("[1]"), Shared: true})
		}
		if err := stream.Send(response); err != nil {
			return err
		}
		if w.fault == "answers-twice" && request.GetFrame() != nil {
			if err := stream.Send(response); err != nil {
				return err
			}
		}
	}
}

func (w *wildPlugin) row() []byte {
	switch {
	case w.is("two-lines"):
		return []byte("{}\n{}")
	case w.fault == "no-object":
		return []byte("hello")
	case w.fault == "row-not-utf8":
		return []byte("{\"text\":\"\xff\"}")
	}
	return []byte(`{"text":"x"}`)
}

func (w *wildPlugin) Drain(ctx context.Context, _ *ftprepv1.DrainRequest) (*ftprepv1.DrainResponse, error) {
	switch w.fault {
	case "bad":
		select {
		case <-ctx.Done():
		case <-time.After(1500 * time.Millisecond):
		}
	case "never-drains":
		time.Sleep(time.Minute) // whatever the host says
	}
	return &ftprepv1.DrainResponse{}, nil
}
