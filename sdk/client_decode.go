package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// A Decoded is what a format has read in a row.
type Decoded struct {
	Example  *Example // nil if the row holds none
	Problems []string // what is wrong with the row for a program that reads it
}

// A Decoding is a stream of rows to an opened format that reads them back.
type Decoding struct {
	ctx    context.Context
	watch  *watchdog
	rpc    grpc.BidiStreamingClient[ftprepv1.DecodeRequest, ftprepv1.DecodeResponse]
	handle string

	secrets *secrets.Words
}

// Decode opens a stream for reading rows back. The format must be a [Decoder], as the handle's field Decodes says.
func (c *Client) Decode(ctx context.Context, format Handle) (*Decoding, error) {
	ctx, watch := c.watch(ctx)
	stream, err := c.rpc.Decode(ctx)
	if err != nil {
		return nil, watch.unopened(ctx, err)
	}
	return &Decoding{ctx: ctx, watch: watch, rpc: stream, handle: format.id, secrets: c.secrets}, nil
}

// Rows has the format read some rows and returns what each of them holds, in order.
func (d *Decoding) Rows(rows [][]byte) ([]Decoded, error) {
	err := d.rpc.Send(&ftprepv1.DecodeRequest{Handle: d.handle, Rows: rows})
	if err != nil && err != io.EOF { // after io.EOF, receiving says why
		return nil, fromStatus(d.ctx, err)
	}
	response, err := await(d.watch, d.rpc.Recv)
	switch {
	case err == io.EOF:
		return nil, errors.New("the plugin ended the stream before it had answered everything")
	case err != nil:
		return nil, fromStatus(d.ctx, err)
	case len(response.Rows) != len(rows):
		return nil, fmt.Errorf("the plugin answered %d rows with %d", len(rows), len(response.Rows))
	}
	decoded := make([]Decoded, len(response.Rows))
	for i, row := range response.Rows {
		decoded[i].Problems = mapped(row.Problems, d.secrets.Hide)
		if row.Item == nil {
			continue
		}
		if decoded[i].Example, err = itemFromWire(row.Item).Decode(); err != nil {
			return nil, err
		}
		decoded[i].Example.Toolset = toolsetFromWire(row.Tools)
	}
	return decoded, nil
}

// Close ends the stream.
func (d *Decoding) Close() { d.watch.stop() }
