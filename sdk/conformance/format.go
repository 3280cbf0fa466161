package conformance

import (
	"bytes"
	"context"
	"path/filepath"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

func (s *stepRunner) format(ctx context.Context) {
	setup := sdk.Setup{Block: "output." + s.step.Type + ".test", Paths: []string{filepath.Join(s.folder, "out.jsonl")}}
	encode := func(client *sdk.Client, frames ...[]*sdk.Example) (Encoding, error) {
		return Encode(ctx, client, s.step.Type, setup, s.options, frames...)
	}
	_ = s.with(ctx, 0, func(client *sdk.Client) error { // the checks report what is wrong
		handle, err := client.Open(ctx, s.step, setup, []byte(s.options))
		if err == nil {
			s.step.Holds = handle.Holds // the step's options may decide that
		}
		return err
	})
	s.check("odd examples", func(f *findings) {
		encoding, ok := twice(ctx, s.runner, f, func(client *sdk.Client) (Encoding, error) {
			return encode(client, OneByOne(examplesFor(s.step))...)
		})
		if ok {
			s.examineRows(f, encoding)
			s.sameInOneFrame(ctx, f, encoding, encode)
		}
	})
	s.check("no examples", func(f *findings) {
		if encoding, ok := twice(ctx, s.runner, f, func(client *sdk.Client) (Encoding, error) { return encode(client) }); ok {
			s.examineRows(f, encoding)
		}
	})
	s.check("cancel", func(f *findings) {
		streamCancelled(ctx, s, f, func(ctx context.Context, client *sdk.Client, handle sdk.Handle) (*sdk.Stream[[]sdk.Encoded], error) {
			encoding, err := client.Encode(ctx, handle, sdk.Dataset{})
			if err != nil {
				return nil, err
			}
			return &encoding.Stream, nil
		})
	})
}

// sameInOneFrame checks that all examples in one frame are encoded as they are one by one.
func (s *stepRunner) sameInOneFrame(ctx context.Context, f *findings, alone Encoding, encode func(*sdk.Client, ...[]*sdk.Example) (Encoding, error)) {
	f.each("", s.with(ctx, 0, func(client *sdk.Client) error {
		together, err := encode(client, examplesFor(s.step))
		if err == nil && !bytes.Equal(rowsOf(alone), rowsOf(together)) {
			f.fault("", "examples in one frame are encoded differently than one by one")
		}
		return err
	}))
}

func rowsOf(encoding Encoding) []byte {
	var all []byte
	for _, encoded := range encoding.Encoded {
		all = append(append(all, bytes.Join(encoded.Rows, []byte("\n"))...), encoded.Refused+"\n"...)
	}
	return all
}

// examineRows checks what a format has made, besides what the client checks.
func (s *stepRunner) examineRows(f *findings, encoding Encoding) {
	for i, encoded := range encoding.Encoded {
		id := examplesFor(s.step)[i].ID
		if encoded.Refused == "" && len(encoded.Rows) == 0 {
			f.fault("example "+id, "it neither made a row of the example nor refused it with a reason")
		}
		if len(encoded.Refused) > 200 {
			f.fault("example "+id, "the reason for a refusal must be a short phrase by which reports count, not %.60q...", encoded.Refused)
		}
		for _, row := range encoded.Rows {
			if encoding.Framing == sdk.FramingRows {
				s.examineRow(f, id, row)
			}
		}
	}
	for _, companion := range encoding.Companions {
		if companion.Name == "" || companion.Name != filepath.Base(companion.Name) || companion.Name == ".." {
			f.fault("", "it wants to write a file called %q: only base names are allowed", companion.Name)
		}
		if companion.Shared && !isObject(companion.Content) {
			f.fault("", "what it puts into the shared file %q is not a JSON object: %.80q", companion.Name, companion.Content)
		}
	}
}

func (s *stepRunner) examineRow(f *findings, id string, row []byte) {
	if !isObject(row) {
		f.fault("example "+id, "a row is not a JSON object: %.80q", row)
	}
	if bytes.ContainsAny(row, "\n\r") {
		f.fault("example "+id, "a row has a line end: %.80q", row)
	}
}

func isObject(text []byte) bool {
	return jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true)) && bytes.HasPrefix(text, []byte("{"))
}
