package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ftprep/ftprep/sdk"
)

// read holds what a line was when it was read.
type read struct {
	number int
	offset int64
	text   string
	ended  bool
}

func readLines(lines iter.Seq2[sdk.Line, error]) []read {
	var all []read
	for line, err := range lines {
		if err != nil {
			all = append(all, read{number: line.Number, text: err.Error()})
			break
		}
		all = append(all, read{line.Number, line.Offset, string(line.Text), line.Ended})
	}
	return all
}

// texts returns files, some of which take several parts.
func texts() map[string]string {
	var many strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&many, "line %d %s\n", i, strings.Repeat("x", i%97))
	}
	return map[string]string{
		"empty": "", "one line": "a", "ended": "a\n", "mark": "\ufeffa\r\nb", "many": many.String(), "marked": "\ufeff" + many.String(),
		"half a line last": many.String() + "half", "long line": "a\n" + strings.Repeat("y", 5<<20) + "\nb\n" + many.String(),
		"short lines": strings.Repeat("\n\n0123456789abcdefghijklmnopqrstuvwxyz", 30_000), "carriage returns": strings.ReplaceAll(many.String(), "\n", "\r\n"),
	}
}

func TestLineDecoderGivesWhatLinesGives(t *testing.T) {
	defer goleak.VerifyNone(t)
	decoder := sdk.NewLineDecoder(readLines)
	for name, text := range texts() {
		var got []read
		err := decoder.Read(context.Background(), strings.NewReader(text), func(lines []read) error {
			got = append(got, lines...)
			return nil
		})
		require.NoError(t, err, name)
		require.True(t, slices.Equal(readLines(sdk.Lines(strings.NewReader(text))), got), name)
		require.True(t, slices.Equal(readLines(sdk.Lines(iotest.HalfReader(strings.NewReader(text)))), got), name)
	}
}

func TestLineOffsets(t *testing.T) {
	for name, text := range texts() {
		for _, line := range readLines(sdk.Lines(strings.NewReader(text))) {
			if text[line.offset:line.offset+int64(len(line.text))] != line.text {
				require.Failf(t, "a wrong place", "%s, line %d", name, line.number)
			}
		}
	}
}

func TestLineDecoderStops(t *testing.T) {
	defer goleak.VerifyNone(t)
	decoder := sdk.NewLineDecoder(readLines)
	text := texts()["many"]
	enough := errors.New("enough")
	calls := 0
	take := func([]read) error { calls++; return enough }
	require.ErrorIs(t, decoder.Read(context.Background(), strings.NewReader(text), take), enough)
	require.Equal(t, 1, calls)

	broken := io.MultiReader(strings.NewReader(text), iotest.ErrReader(errors.New("broken")))
	err := decoder.Read(context.Background(), broken, func([]read) error { return nil })
	require.EqualError(t, err, "broken")

	panics := sdk.NewLineDecoder(func(iter.Seq2[sdk.Line, error]) int { panic("oh no") })
	require.ErrorContains(t, panics.Read(context.Background(), strings.NewReader(text), func(int) error { return nil }), "oh no")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, decoder.Read(ctx, strings.NewReader(text), func([]read) error { return nil }), context.Canceled)
}
