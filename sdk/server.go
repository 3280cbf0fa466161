package sdk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/experimental"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// Bounds of a frame and of an example.
const (
	frameItems   = 256
	frameBytes   = 1 << 20
	frameTime    = 200 * time.Millisecond
	maxExample   = 32 << 20
	maxMessage   = 256 << 20 // of gRPC, both ways: the rows of one example may be several times its size
	longestCause = 2000
)

// How many bytes may be on their way to one end, of a stream and of all: a few frames. With gRPC's own windows each frame
// would wait several times for leave to be sent.
const (
	streamWindow     = 4 << 20
	connectionWindow = 16 << 20
)

// Register serves a plugin on a gRPC server.
func Register(server *grpc.Server, plugin Plugin) {
	register(server, plugin, func() {})
}

// register serves a plugin; greeted is called when the host has made its first call.
func register(server *grpc.Server, plugin Plugin, greeted func()) {
	ftprepv1.RegisterPluginServiceServer(server, &service{
		plugin: plugin, greeted: greeted, opened: map[string]any{}, setups: map[string]Setup{},
	})
}

// ServerOptions are the options that a gRPC server of a plugin needs.
func ServerOptions() []grpc.ServerOption {
	buffers := &buffers{}
	return []grpc.ServerOption{
		grpc.Creds(newLocal()),
		grpc.MaxRecvMsgSize(maxMessage),
		grpc.MaxSendMsgSize(maxMessage),
		grpc.ForceServerCodecV2(codec{buffers}),
		experimental.BufferPool(buffers),
		grpc.InitialWindowSize(streamWindow), grpc.InitialConnWindowSize(connectionWindow),
		grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (_ any, err error) {
			defer recovered(&err)
			return next(ctx, req)
		}),
		grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
			defer recovered(&err)
			return next(srv, stream)
		}),
	}
}

// recovered turns a panic of a step into an error: the host can name the step and the example, a dead process cannot.
func recovered(err *error) {
	if p := recover(); p != nil {
		slog.Error("panic", "value", fmt.Sprint(p), "stack", string(debug.Stack()))
		*err = status.Errorf(codes.Aborted, "the plugin's code panicked: %v (its log has the stack)", p)
	}
}

// service is the plugin's end of the wire.
type service struct {
	ftprepv1.UnimplementedPluginServiceServer
	plugin  Plugin
	greeted func()
	work    work

	mu     sync.Mutex
	opened map[string]any // by handle: Source, Filter, Keyer or Format
	setups map[string]Setup
}

func (s *service) Describe(context.Context, *ftprepv1.DescribeRequest) (*ftprepv1.DescribeResponse, error) {
	s.greeted()
	return pluginToWire(s.plugin), nil
}

func (s *service) Configure(_ context.Context, request *ftprepv1.ConfigureRequest) (*ftprepv1.ConfigureResponse, error) {
	for _, step := range s.plugin.Steps {
		if string(step.Kind) == request.Kind && step.Type == request.Type {
			return s.configure(step, request), nil
		}
	}
	return nil, status.Errorf(codes.NotFound, "the plugin offers no %s %q", request.Kind, request.Type)
}

func (s *service) configure(step Step, request *ftprepv1.ConfigureRequest) *ftprepv1.ConfigureResponse {
	setup := Setup{
		Block: request.Block, Paths: request.Paths, Tools: toolsetFromWire(request.Tools),
		Selection: selectionFromWire(request.Selection), MaxTokens: int(request.MaxTokens),
	}
	opened, err := step.open(setup, request.Options)
	if err != nil {
		return &ftprepv1.ConfigureResponse{Diagnostics: diagnosticsToWire(err)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	response := &ftprepv1.ConfigureResponse{Handle: strconv.Itoa(len(s.opened) + 1)}
	s.opened[response.Handle], s.setups[response.Handle] = opened, setup
	response.Observes, response.ReadsSeveral = step.Kind == KindSource, step.Kind == KindSource
	if step.Kind == KindFormat {
		describeFormat(response, opened)
	}
	return response
}

// describeFormat fills in what only an opened format knows of itself.
func describeFormat(response *ftprepv1.ConfigureResponse, opened any) {
	response.Framing = string(Rows)
	if framer, ok := opened.(Framer); ok {
		response.Framing = string(framer.Framing())
	}
	if holder, ok := opened.(Holder); ok {
		response.Holds = holdsToWire(holder.Holds())
	}
	if filer, ok := opened.(Filer); ok {
		response.File = filer.File()
	}
	_, response.Decodes = opened.(Decoder)
}

// diagnosticsToWire splits joined errors, so that each is shown at its own option.
func diagnosticsToWire(err error) []*ftprepv1.Diagnostic {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*ftprepv1.Diagnostic
		for _, one := range joined.Unwrap() {
			all = append(all, diagnosticsToWire(one)...)
		}
		return all
	}
	var option *OptionError
	if errors.As(err, &option) {
		return []*ftprepv1.Diagnostic{{Option: option.Option, Reason: option.Reason}}
	}
	return []*ftprepv1.Diagnostic{{Reason: err.Error()}}
}

// step finds an opened step of the kind that a call needs.
func step[S any](s *service, handle string) (S, Setup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	opened, ok := s.opened[handle].(S)
	if !ok {
		return opened, Setup{}, status.Errorf(codes.NotFound, "no %s is open under the handle %q", reflect.TypeFor[S]().Name(), handle)
	}
	return opened, s.setups[handle], nil
}

func (s *service) Units(ctx context.Context, request *ftprepv1.UnitsRequest) (*ftprepv1.UnitsResponse, error) {
	source, setup, err := step[Source](s, request.Handle)
	if err != nil {
		return nil, err
	}
	units, err := listUnits(ctx, source, setup.Paths)
	if err != nil {
		return nil, err
	}
	response := &ftprepv1.UnitsResponse{}
	for _, unit := range units {
		response.Units = append(response.Units, unitToWire(unit))
	}
	return response, nil
}

func listUnits(ctx context.Context, source Source, paths []string) ([]Unit, error) {
	if lister, ok := source.(Lister); ok {
		return lister.Units(ctx, paths)
	}
	return oneUnit(paths)
}

// oneUnit is a unit with all files below paths; none where there are no files.
func oneUnit(paths []string) ([]Unit, error) {
	files, err := ListFiles(paths, func(string) bool { return true })
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return []Unit{{ID: "all", Files: files}}, nil
}

func (s *service) Drain(ctx context.Context, _ *ftprepv1.DrainRequest) (*ftprepv1.DrainResponse, error) {
	return &ftprepv1.DrainResponse{}, s.work.wait(ctx)
}

// frames receives the messages of a stream until the host has sent its last, handles them in order with their examples, and
// sends the answers; a nil answer is not sent. While one message is handled, the next is received and decoded and the last
// answer is on its way.
func frames(stream grpc.ServerStream, request func() proto.Message, handle func(received) (any, error)) error {
	ahead := make(chan received, 2) // frames differ in how long they take
	go receiveAll(stream, request, ahead)
	answers, sent := make(chan encoded), make(chan error, 1)
	go func() { sent <- sendAll(stream, answers) }()
	err := handleAll(stream.Context(), ahead, handle, answers)
	close(answers)
	return cmp.Or(err, <-sent)
}

// handleAll encodes each answer before it hands it over: what a step returned may change when it is called again.
func handleAll(ctx context.Context, ahead <-chan received, handle func(received) (any, error), answers chan<- encoded) (err error) {
	defer recovered(&err) // here, for the answers before a panic are still to be sent
	codec := codec{&buffers{}}
	for {
		select {
		case next := <-ahead:
			if next.err == io.EOF {
				return nil
			}
			if next.err != nil {
				return next.err
			}
			answer, err := handle(next)
			if err != nil {
				return err
			}
			if answer == nil {
				continue
			}
			data, err := codec.Marshal(answer)
			if err != nil {
				return err
			}
			answers <- encoded(data)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sendAll sends answers until there are no more. After a fault it drops the others, so that nobody waits for it.
func sendAll(stream grpc.ServerStream, answers <-chan encoded) (err error) {
	for answer := range answers {
		if err == nil {
			err = stream.SendMsg(answer)
		}
	}
	return err
}

// received is a message with its examples, or why there is none.
type received struct {
	request  proto.Message // all of it but the frame
	framed   bool          // it has a frame
	examples []*Example
	err      error
}

// receiveAll receives and decodes messages until the stream ends.
func receiveAll(stream grpc.ServerStream, request func() proto.Message, ahead chan<- received) {
	known := newToolsets()
	for {
		next := receive(stream, request(), known)
		select {
		case ahead <- next:
		case <-stream.Context().Done(): // it ends with the handler
			return
		}
		if next.err != nil {
			return
		}
	}
}

func receive(stream grpc.ServerStream, request proto.Message, known *toolsets) (next received) {
	defer recovered(&next.err)
	message := &framed{field: requestFrame, rest: request}
	if err := stream.RecvMsg(message); err != nil {
		return received{err: err}
	}
	for _, set := range message.frame.GetToolsets() {
		known.add(toolsetFromWire(set))
	}
	next = received{request: request, framed: message.frame != nil, examples: make([]*Example, len(message.items))}
	for i, item := range message.items {
		example, err := item.Decode()
		if err != nil {
			return received{err: err}
		}
		example.Toolset = known.sets[item.Toolset]
		next.examples[i] = example
	}
	return next
}

// toolsets resolves the hashes of one stream. Its sets are as many as there are choices of tools; their definitions are few,
// and shared.
type toolsets struct {
	sets        map[string]*Toolset
	definitions map[string]ToolDefinition // the last of each name
}

func newToolsets() *toolsets {
	return &toolsets{sets: map[string]*Toolset{}, definitions: map[string]ToolDefinition{}}
}

func (t *toolsets) add(set *Toolset) {
	for i, tool := range set.Tools {
		name := tool.FullName()
		if known := t.definitions[name]; known.Description == tool.Description && bytes.Equal(known.Schema, tool.Schema) &&
			known.Server == tool.Server && known.Name == tool.Name {
			set.Tools[i] = known
		} else {
			t.definitions[name] = tool
		}
	}
	t.sets[set.Hash()] = set
}
