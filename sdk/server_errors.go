package sdk

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ownError is an error of the SDK itself, whose code tells the host what is wrong between the two. An error of a step has
// no such code, though it may hold one: of a service that the step has asked.
type ownError struct{ error }

func own(code codes.Code, format string, args ...any) error {
	return ownError{status.Errorf(code, format, args...)}
}

func unaryErrors(ctx context.Context, request any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (_ any, err error) {
	defer told(info.Server, &err)
	defer recovered(&err)
	return next(ctx, request)
}

func streamErrors(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	defer told(server, &err)
	defer recovered(&err)
	return next(server, stream)
}

// told makes an error what the host is to read: gRPC would take codes from errors of a step, and from those of contexts.
// Other services on the connection are go-plugin's and speak for themselves.
func told(server any, err *error) {
	if own, ok := (*err).(ownError); ok {
		*err = own.error
	} else if _, ours := server.(*service); ours && *err != nil {
		*err = status.Error(codes.Unknown, message(*err))
	}
}

// message is the text of an error, without gRPC's wrapping where that is all there is around it.
func message(err error) string {
	if s, ok := status.FromError(err); ok && s.Message() != "" {
		return s.Message()
	}
	return err.Error()
}

// recovered turns a panic of a step into an error: the host can name the step and the example, a dead process cannot.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = panicked("", p)
	}
}

// recoveredAt is recovered for work on one example of a frame, which may hold hundreds.
func recoveredAt(example string, err *error) {
	if p := recover(); p != nil {
		*err = panicked("example "+example+": ", p)
	}
}

func panicked(place string, value any) error {
	slog.Error("panic", "value", fmt.Sprint(value), "stack", string(debug.Stack()))
	return own(codes.Aborted, "%sthe plugin's code panicked: %v (its log has the stack)", place, value)
}
