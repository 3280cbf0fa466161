package sdk

import (
	"context"
	"reflect"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/experimental"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// Bounds of frames and examples.
const (
	frameItems   = 256
	frameBytes   = 1 << 20
	frameTime    = 200 * time.Millisecond
	maxExample   = 32 << 20
	maxMessage   = 256 << 20 // of a gRPC message, both ways: the rows of an example may be several times its size
	longestCause = 2000
)

// How many bytes may be on their way to one end, in one stream and in all: a few frames. With gRPC's own windows each
// frame would have to wait several times until more may be sent.
const (
	streamWindow     = 4 << 20
	connectionWindow = 16 << 20
)

// Register registers a plugin on a gRPC server.
func Register(server *grpc.Server, plugin Plugin) {
	register(server, plugin, func() {})
}

// register registers a plugin. Describe, which is the host's first call, calls greeted.
func register(server *grpc.Server, plugin Plugin, greeted func()) {
	ftprepv1.RegisterPluginServiceServer(server, &service{
		plugin: plugin, greeted: greeted, opened: map[string]any{}, setups: map[string]Setup{},
	})
}

// ServerOptions returns the options that the gRPC server of a plugin needs.
func ServerOptions() []grpc.ServerOption {
	buffers := &buffers{}
	return []grpc.ServerOption{
		grpc.Creds(newLocal()),
		grpc.MaxRecvMsgSize(maxMessage),
		grpc.MaxSendMsgSize(maxMessage),
		grpc.ForceServerCodecV2(codec{buffers}),
		experimental.BufferPool(buffers),
		grpc.InitialWindowSize(streamWindow), grpc.InitialConnWindowSize(connectionWindow),
		grpc.ChainUnaryInterceptor(unaryErrors),
		grpc.ChainStreamInterceptor(streamErrors),
	}
}

// service is the plugin's end of the wire.
type service struct {
	ftprepv1.UnimplementedPluginServiceServer
	plugin  Plugin
	greeted func()
	work    work
	framers sync.Pool // of *framer

	mu     sync.Mutex
	opened map[string]any // by handle: a Source, Filter, Keyer or Format
	setups map[string]Setup
}

func (s *service) Describe(context.Context, *ftprepv1.DescribeRequest) (*ftprepv1.DescribeResponse, error) {
	s.greeted()
	return pluginToWire(s.plugin), nil
}

func (s *service) Configure(_ context.Context, request *ftprepv1.ConfigureRequest) (*ftprepv1.ConfigureResponse, error) {
	if step := s.plugin.Step(Kind(request.Kind), request.Type); step != nil {
		return s.configure(*step, request), nil
	}
	return nil, sdkErrorf(codes.NotFound, "the plugin offers no %s %q", request.Kind, request.Type)
}

func (s *service) configure(step Step, request *ftprepv1.ConfigureRequest) *ftprepv1.ConfigureResponse {
	setup := Setup{
		Block: request.Block, Paths: request.Paths, Tools: toolsetFromWire(request.Tools),
		Selection: selectionFromWire(request.Selection), MaxTokens: int(request.MaxTokens),
	}
	opened, err := step.open(setup, request.Options)
	if err != nil {
		return &ftprepv1.ConfigureResponse{Diagnostics: mapped(complaints(err), diagnosticToWire)}
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

// describeFormat fills in what is known only of an opened format.
func describeFormat(response *ftprepv1.ConfigureResponse, opened any) {
	response.Framing = string(FramingRows)
	if framer, ok := opened.(Framer); ok {
		response.Framing = string(framer.Framing())
	}
	if holder, ok := opened.(Holder); ok {
		response.Holds = holdsToWire(holder.Holds())
	}
	if namer, ok := opened.(FileNamer); ok {
		response.File = validText(namer.File())
	}
	_, response.Decodes = opened.(Decoder)
}

func diagnosticToWire(problem *OptionError) *ftprepv1.Diagnostic {
	return &ftprepv1.Diagnostic{Option: validText(problem.Option), Reason: validText(problem.Reason)}
}

// step returns the opened step with a handle, as the kind S that a call needs, and its setup.
func step[S any](s *service, handle string) (S, Setup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	opened, ok := s.opened[handle].(S)
	if !ok {
		return opened, Setup{}, sdkErrorf(codes.NotFound, "no %s is open under the handle %q", reflect.TypeFor[S]().Name(), handle)
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
	return &ftprepv1.UnitsResponse{Units: mapped(units, unitToWire)}, nil
}

func listUnits(ctx context.Context, source Source, paths []string) ([]Unit, error) {
	if lister, ok := source.(Lister); ok {
		return lister.Units(ctx, paths)
	}
	return oneUnit(paths)
}

// oneUnit returns a unit with all files below paths, or none if there are no files.
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
