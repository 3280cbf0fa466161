package sdk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// parts reads a text in small parts, with a small bound on lines, and returns the lines.
func parts(file io.Reader) ([]string, error) {
	reader := newPartReader(file, 8)
	reader.longest = 20
	var all []string
	for {
		p, err := reader.next(nil)
		if err != nil {
			return all, withoutEOF(err)
		}
		for line, err := range p.lines() {
			text := string(line.Text)
			if err != nil {
				text = err.Error()
			}
			all = append(all, text)
			if line.Number != len(all) {
				return all, errors.New("a wrong number")
			}
		}
	}
}

func TestLinesAroundLongOnes(t *testing.T) {
	long := strings.Repeat("x", 50)
	tooLong := ErrLongLine.Error()
	for text, want := range map[string][]string{
		long:                                     {tooLong},
		long + "\n":                              {tooLong},
		"a\n" + long + "\nb\nc\n" + long + "\nd": {"a", tooLong, "b", "c", tooLong, "d"},
		long + "\n" + long + "\n\n" + long:       {tooLong, tooLong, "", tooLong},
		strings.Repeat("y", 19) + "\nz":          {strings.Repeat("y", 19), "z"},
		strings.Repeat("y", 21) + "\nz":          {tooLong, "z"},
	} {
		got, err := parts(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, want, got, "%q", text)
		got, err = parts(iotest.OneByteReader(strings.NewReader(text)))
		require.NoError(t, err)
		require.Equal(t, want, got, "%q, byte by byte", text)
	}
}

func TestLinesBeforeAFaultAreRead(t *testing.T) {
	broken := errors.New("broken")
	got, err := parts(iotest.DataErrReader(io.MultiReader(strings.NewReader("one\ntwo\nhal"), iotest.ErrReader(broken))))
	require.ErrorIs(t, err, broken)
	require.Equal(t, []string{"one", "two"}, got)
}

func TestPartsNeedNoBuffer(t *testing.T) {
	for _, buffer := range [][]byte{nil, {}, make([]byte, 1)} {
		var all []string
		for part, err := range Parts(strings.NewReader("a\nb\n"), &buffer) {
			require.NoError(t, err)
			if all = append(all, string(part.Text)); len(all) > 9 {
				break
			}
		}
		require.Equal(t, []string{"a\nb\n"}, all)
	}
}

func TestALongLineCostsTheOthersNothing(t *testing.T) {
	text := strings.Repeat("x", 600<<10) + "\n" + strings.Repeat("short\n", 1<<20)
	buffer := make([]byte, 64<<10)
	allocations := testing.AllocsPerRun(1, func() {
		for _, err := range Parts(strings.NewReader(text), &buffer) {
			require.NoError(t, err)
		}
	})
	require.Less(t, allocations, 20.0, "the buffer serves again")
	require.LessOrEqual(t, cap(buffer), maxReuseFactor*64<<10, "and that of the long line is kept by nobody")
}

// The simplest loop of a source returns every error it gets.
func TestALongLineThatIsReturnedRejectsTheFile(t *testing.T) {
	reader := newPartReader(strings.NewReader("one\n"+strings.Repeat("x", 50)+"\nthree\n"), 8)
	reader.longest = 20
	var fault error
	for fault == nil {
		p, err := reader.next(nil)
		require.NoError(t, err)
		for line, err := range p.lines() {
			if err != nil {
				fault = fmt.Errorf("line: %w", err)
				require.Equal(t, 2, line.Number)
			}
		}
	}
	require.ErrorIs(t, fault, ErrLongLine)
	var rejects []Reject
	emitter := Emitter{
		unit: Unit{Files: []File{{Name: "a"}, {Name: "b"}}}, tallies: tallies{},
		reject: func(r Reject) error { rejects = append(rejects, r); return nil },
	}
	emitter.File(File{Name: "b"})
	emitter.Records(1)
	emitter.Ignore("a word", 1)
	require.NoError(t, emitter.RejectFile(fault))
	require.Equal(t, []Reject{{File: "b", Line: 2, Cause: "the line is longer than 256 MiB, and the file was not read beyond it"}}, rejects)
	tally := emitter.tallies.close("a")
	require.Equal(t, 2, tally.Read, "the line was not counted by the source")
	require.Equal(t, tally.Read, tally.Sum())
}
