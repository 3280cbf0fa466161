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

// sdkError is an error of the SDK itself, whose gRPC code tells the host what is wrong between plugin and host. An error
// of a step never does, even if it wraps an error with a code, such as that of a service that the step has called.
type sdkError struct{ error }

// sdkErrorf returns an sdkError. Its text is formatted as by [fmt.Sprintf].
func sdkErrorf(code codes.Code, format string, args ...any) error {
	return sdkError{status.Errorf(code, format, args...)}
}

func unaryErrors(ctx context.Context, request any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (_ any, err error) {
	defer toStatus(info.Server, &err)
	defer recovered(&err)
	return next(ctx, request)
}

func streamErrors(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	defer toStatus(server, &err)
	defer recovered(&err)
	return next(server, stream)
}

// toStatus replaces an error by the gRPC status that the host is to read. Left alone, gRPC would use codes found in errors of a step and in
// those of contexts. Errors of other services on the connection, which are go-plugin's, stay as they are.
func toStatus(server any, err *error) {
	if sdkErr, ok := (*err).(sdkError); ok {
		*err = sdkErr.error
	} else if _, ours := server.(*service); ours && *err != nil {
		*err = status.Error(codes.Unknown, message(*err))
	}
}

// message returns the text of an error, without gRPC's wrapping if that is all there is around it.
func message(err error) string {
	if s, ok := status.FromError(err); ok && s.Message() != "" {
		return s.Message()
	}
	return err.Error()
}

// recovered turns a panic of a step into an error: unlike a dead process, an error lets the host name the step and the
// example.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = panicked("", p)
	}
}

// recoveredAt does what recovered does and names the example, for a frame may hold hundreds.
func recoveredAt(example string, err *error) {
	if p := recover(); p != nil {
		*err = panicked("example "+example+": ", p)
	}
}

func panicked(place string, value any) error {
	slog.Error("panic", "value", fmt.Sprint(value), "stack", string(debug.Stack()))
	return sdkErrorf(codes.Aborted, "%sthe plugin's code panicked: %v (its log has the stack)", place, value)
}
