package sdk

import (
	"io"

	"google.golang.org/grpc"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func (s *service) Decode(stream grpc.BidiStreamingServer[ftprepv1.DecodeRequest, ftprepv1.DecodeResponse]) error {
	defer s.work.begin()()
	var decoder Decoder
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if decoder == nil {
			if decoder, _, err = step[Decoder](s, request.Handle); err != nil {
				return err
			}
		}
		rows := mapped(request.Rows, func(row []byte) *ftprepv1.Decoded { return decodeRow(decoder, row) })
		if err := stream.Send(&ftprepv1.DecodeResponse{Rows: rows}); err != nil {
			return err
		}
	}
}

func decodeRow(decoder Decoder, row []byte) *ftprepv1.Decoded {
	example, problems := decoder.Decode(row)
	decoded := &ftprepv1.Decoded{Problems: mapped(problems, validText)}
	if example == nil {
		return decoded
	}
	example.cleanText()
	decoded.Item, decoded.Tools = itemToWire(NewItem(example)), toolsetToWire(example.Toolset)
	return decoded
}
