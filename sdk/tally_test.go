package sdk_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

type ledgerOptions struct {
	Files  bool `option:"files" doc:"Tells files apart."`
	Counts bool `option:"counts" doc:"Counts the records that it meets."`
}

// ledger reads all files in one unit. Each line is an example, "bad" or "skip".
type ledger struct{ ledgerOptions }

func (l ledger) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	for _, file := range unit.Files {
		if l.Files {
			emitter.File(file)
		}
		data, err := os.ReadFile(file.Path)
		if err := emitter.RejectFile(err); err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			if l.Counts {
				emitter.Records(1)
			}
			if err := l.line(strings.TrimSpace(line), emitter); err != nil {
				return err
			}
		}
	}
	return nil
}

func (ledger) line(text string, emitter *sdk.Emitter) error {
	switch text {
	case "bad":
		return emitter.Reject(sdk.Reject{Cause: text})
	case "skip":
		emitter.Ignore("skipped", 1)
		return nil
	}
	return emitter.Example(&sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: text}}})
}

var counting = sdk.Plugin{Name: "counting", Version: "1", Doc: "Counts by file.", Steps: []sdk.Step{
	sdk.NewSource("ledger", "Reads files together.", func(_ sdk.Setup, o ledgerOptions) (sdk.Source, error) { return ledger{o}, nil }),
}}

func TestRecordsAreCountedForTheFileThatIsRead(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"a.txt": "one\nbad\n", "b.txt": "skip\ntwo\nthree\n", "c.txt": ""} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644))
	}
	require.NoError(t, os.Symlink("nowhere", filepath.Join(folder, "d.txt")))
	first := sdk.Tally{Read: 2, InExamples: 1, Rejected: 1, Examples: 1}
	gone := sdk.Tally{Read: 1, Rejected: 1, Unreadable: 1}
	parted := map[string]sdk.Tally{
		"a.txt": first, "c.txt": {}, "d.txt": gone,
		"b.txt": {Read: 3, InExamples: 2, Examples: 2, Ignored: map[string]int{"skipped": 1}},
	}
	together := first
	together.Add(parted["b.txt"])
	for options, want := range map[string]map[string]sdk.Tally{
		`{"files":true,"counts":true}`:   parted,
		`{"files":true,"counts":false}`:  parted,
		`{"files":false,"counts":true}`:  {"a.txt": together, "d.txt": gone},
		`{"files":false,"counts":false}`: {"a.txt": together, "d.txt": gone},
	} {
		t.Run(options, func(t *testing.T) {
			reading := readUnit(t, folder, options)
			require.Equal(t, want, reading.tally.Files)
			require.Equal(t, 6, reading.tally.Read)
			if strings.Contains(options, `"files":true`) {
				require.Equal(t, []string{"a.txt", "b.txt", "b.txt"}, reading.files, "an example is from the file that is read")
			}
		})
	}
	require.NoError(t, os.Remove(filepath.Join(folder, "d.txt")))
	require.Nil(t, readUnit(t, folder, "{}").tally.Files, "all of it belongs to the first file")
}

// unitReading holds what the ledger made of a folder.
type unitReading struct {
	tally sdk.Tally
	files []string // of the examples
}

func readUnit(t *testing.T, folder, options string) unitReading {
	client := sdktest.Connect(t, counting)
	handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindSource, Type: "ledger"}, sdk.Setup{Paths: []string{folder}}, []byte(options))
	require.NoError(t, err)
	units, err := client.Units(t.Context(), handle)
	require.NoError(t, err)
	var reading unitReading
	require.NoError(t, client.Read(t.Context(), handle, units[:1], func(frame sdk.ReadFrame) error {
		for _, item := range frame.Items {
			example, err := item.Decode()
			require.NoError(t, err)
			require.Equal(t, example.SourceFile, example.Provenance.File)
			reading.files = append(reading.files, example.SourceFile)
		}
		if frame.Tally != nil {
			reading.tally = *frame.Tally
		}
		return nil
	}))
	return reading
}

// nonsense counts impossible numbers.
type nonsense struct{ nonsenseOptions }

type nonsenseOptions struct {
	Kind   string `option:"kind" doc:"As what records are ignored."`
	Number int    `option:"number" doc:"How many."`
}

func (n nonsense) Read(_ context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	emitter.Ignore(n.Kind, n.Number)
	emitter.Unread(5)
	return nil
}

func TestCountsThatCannotBeAreAFaultOfTheSource(t *testing.T) {
	source := sdk.NewSource("nonsense", "Miscounts.", func(_ sdk.Setup, o nonsenseOptions) (sdk.Source, error) { return nonsense{o}, nil })
	plugin := sdk.Plugin{Name: "nonsense", Version: "1", Doc: "Miscounts.", Steps: []sdk.Step{source}}
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), nil, 0o644))
	for options, want := range map[string]string{
		`{"kind":"neg","number":-3}`: `it miscounted: -3 records are counted as ignored ("neg"): a count cannot be negative`,
		`{"kind":"","number":2}`:     `it miscounted: 2 records are ignored without a kind: give one, such as "file history"`,
		`{"kind":"good","number":2}`: "",
	} {
		_, err := conformance.Read(t.Context(), sdktest.Connect(t, plugin), "nonsense", sdk.Setup{Paths: []string{folder}}, options)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}
