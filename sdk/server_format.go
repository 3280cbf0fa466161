package sdk

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func (s *service) Encode(stream grpc.BidiStreamingServer[ftprepv1.EncodeRequest, ftprepv1.EncodeResponse]) error {
	defer s.work.begin()()
	encoding := &encoding{ctx: stream.Context(), service: s}
	request := func() proto.Message { return &ftprepv1.EncodeRequest{} }
	return frames(stream, request, func(next received, alive func()) (any, error) {
		if next.framed {
			return encoding.frame(next.examples, alive)
		}
		switch step := next.request.(*ftprepv1.EncodeRequest).Step.(type) {
		case *ftprepv1.EncodeRequest_Begin:
			return nil, encoding.begin(step.Begin)
		case *ftprepv1.EncodeRequest_Finish:
			return encoding.finish(step.Finish)
		}
		return nil, sdkErrorf(codes.Unimplemented, "the host sent an unknown step of an encoding")
	})
}

// An encoding is one output on its way through a format.
type encoding struct {
	ctx     context.Context // of its stream
	service *service
	format  Format
}

func (e *encoding) begin(begin *ftprepv1.BeginEncoding) error {
	format, _, err := step[Format](e.service, begin.Handle)
	if err != nil {
		return err
	}
	e.format = format
	if beginner, ok := format.(Beginner); ok {
		dataset := Dataset{Tools: toolsetFromWire(begin.Tools), Splits: begin.Splits}
		if err := beginner.Begin(e.ctx, dataset); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
	}
	return nil
}

func (e *encoding) frame(examples []*Example, alive func()) (encodedItems, error) {
	if e.format == nil {
		return nil, sdkErrorf(codes.FailedPrecondition, "examples came before the beginning of the encoding")
	}
	answer := make(encodedItems, len(examples))
	for i, example := range examples {
		if err := e.ctx.Err(); err != nil {
			return nil, err
		}
		encoded, err := e.example(example)
		if err != nil {
			return nil, err
		}
		answer[i] = encoded
		alive()
	}
	return answer, nil
}

func (e *encoding) example(example *Example) (_ Encoded, err error) {
	defer recoveredAt(example.ID, &err)
	rows, err := e.format.Encode(e.ctx, example)
	var refused *refusal
	if errors.As(err, &refused) {
		return Encoded{Refused: validText(refused.reason)}, nil
	}
	if err != nil {
		return Encoded{}, fmt.Errorf("example %s: %w", example.ID, err)
	}
	return Encoded{Rows: rows}, nil
}

func (e *encoding) finish(finish *ftprepv1.FinishEncoding) (*ftprepv1.EncodeResponse, error) {
	response := &ftprepv1.EncodeResponse{}
	if finisher, ok := e.format.(Finisher); ok {
		companions, err := finisher.Finish(e.ctx, mapped(finish.Written, writtenFileFromWire))
		if err != nil {
			return nil, fmt.Errorf("finish: %w", err)
		}
		response.Companions = mapped(companions, companionToWire)
	}
	return response, nil
}
