package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// TestMain makes the test binary its own built-in plugin, as ftprep is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == host.ServeArgument {
		runtime.MemProfileRate = 0 // as in plugins, where the linker finds that nobody asks for a profile
		sdk.Serve(lab)
		return
	}
	goleak.VerifyTestMain(m)
}

// meeting answers for no example until several are there at once.
type meeting struct{ wait *sync.WaitGroup }

func newMeeting(size int) meeting {
	m := meeting{wait: &sync.WaitGroup{}}
	m.wait.Add(size)
	return m
}

func (m meeting) Apply(context.Context, *sdk.Example) (sdk.Verdict, error) {
	m.wait.Done()
	m.wait.Wait()
	return sdk.Keep(), nil
}

// lab is a plugin whose steps do what the tests need.
var lab = sdk.Plugin{
	Name: "lab", Version: "1.0.0", Doc: "Steps for tests.",
	Steps: []sdk.Step{
		sdk.NewSource("lab", "Makes examples up.", newLabSource),
		sdk.NewSource("lines", "Makes an example of each line.", func(_ sdk.Setup, o lineOptions) (sdk.Source, error) { return lineSource{o}, nil }),
		sdk.NewFilter("lab", "Judges by words in the request.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return labFilter{}, nil }),
		sdk.NewFilter("redact", "Replaces a word.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return labRedact{}, nil }),
		sdk.NewFilter("meeting", "Answers when eight examples are there.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return newMeeting(8), nil }),
		sdk.NewFilter("toolset", "Gives examples that ask for it a toolset.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return labToolset{}, nil }),
		sdk.NewFilter("label", "Labels examples with what describes their tools.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return labLabel{}, nil }),
		sdk.NewKeyer("first_word", "Equal first words are the same.", func(sdk.Setup, struct{}) (sdk.Keyer, error) { return firstWord{}, nil }),
		sdk.NewFormat("lab", "Rows of a request and an answer.", sdk.Holds{Tools: true, Results: true, Turns: true},
			func(sdk.Setup, struct{}) (sdk.Format, error) { return labFormat{}, nil }),
		sdk.NewFormat("whole", "Whole examples.", everything,
			func(sdk.Setup, struct{}) (sdk.Format, error) { return wholeFormat{}, nil }),
		sdk.NewFormat("tools", "The tools and splits that it was told of.", everything,
			func(sdk.Setup, struct{}) (sdk.Format, error) { return &toolsFormat{}, nil }),
		sdk.NewFormat("turns", "A row for each message that is trained.", sdk.Holds{},
			func(sdk.Setup, struct{}) (sdk.Format, error) { return turnsFormat{}, nil }),
		sdk.NewFormat("listed", "Whole examples, in a list of data sets.", everything,
			func(sdk.Setup, struct{}) (sdk.Format, error) { return listedFormat{}, nil }),
		sdk.NewFormat("text", "The model's last words.", everything,
			func(sdk.Setup, struct{}) (sdk.Format, error) { return textFormat{}, nil }),
	},
}

var everything = sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Negatives: true, Masks: true, Details: true, Context: true}

type labOptions struct {
	Units     int  `option:"units" doc:"How many units." default:"3"`
	Examples  int  `option:"examples" doc:"How many examples a unit has." default:"10"`
	Bytes     int  `option:"bytes" doc:"How many bytes an answer has." default:"10"`
	FirstLast bool `option:"first_last" doc:"The first unit waits until the others are done."`
	Rejects   bool `option:"rejects" doc:"Rejects a record beside each example."`
	Dies      bool `option:"dies" doc:"The process ends when every unit is being read."`
}

// labSource makes units of examples.
type labSource struct {
	labOptions
	done atomic.Int32
	all  chan struct{} // closed when every unit but the first is done

	begun sync.WaitGroup
}

func newLabSource(_ sdk.Setup, o labOptions) (sdk.Source, error) {
	s := &labSource{labOptions: o, all: make(chan struct{})}
	s.begun.Add(o.Units)
	return s, nil
}

func (s *labSource) Units(context.Context, []string) ([]sdk.Unit, error) {
	units := make([]sdk.Unit, s.labOptions.Units)
	for i := range units {
		units[i].ID = fmt.Sprintf("unit-%04d", i)
	}
	return units, nil
}

func (s *labSource) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	if s.FirstLast && unit.ID == "unit-0000" {
		select {
		case <-s.all:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.Dies {
		s.begun.Done()
		s.begun.Wait()
		os.Exit(9)
	}
	answer := strings.Repeat("x", s.Bytes)
	for i := range s.Examples {
		if err := emitter.Example(talk(fmt.Sprintf("%s request %d", unit.ID, i), answer)); err != nil {
			return err
		}
		if !s.Rejects {
			continue
		}
		if err := emitter.Reject(sdk.Reject{File: unit.ID, Line: i + 1, Cause: "made up"}); err != nil {
			return err
		}
	}
	if int(s.done.Add(1)) == s.labOptions.Units-1 {
		close(s.all)
	}
	return nil
}

func talk(request, answer string) *sdk.Example {
	return &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: request}, {Role: sdk.RoleAssistant, Text: answer}}}
}

type lineOptions struct {
	Answer  string   `option:"answer" doc:"What every line is answered with." default:"answer"`
	Words   sdk.Path `option:"words" doc:"A file with the answer, or the folder of a file called answer."`
	Appends bool     `option:"appends" doc:"Adds a line to each file when it has been read, as a program at work does."`
	Fails   string   `option:"fails" doc:"The unit that cannot be read."`
}

// lineSource reads files: a line is the JSON of an example, or text that becomes one.
type lineSource struct{ lineOptions }

func (lineSource) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	return sdk.ListUnits(paths, func(string) bool { return true })
}

func (s lineSource) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	if s.Fails == unit.ID {
		return errors.New("it cannot be read")
	}
	if s.Words != "" {
		words, err := os.ReadFile(string(s.Words))
		if err != nil {
			words, err = os.ReadFile(filepath.Join(string(s.Words), "answer"))
		}
		if err != nil {
			return err
		}
		s.Answer = string(words)
	}
	file, err := unit.Files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	for line, err := range sdk.Lines(file) {
		if err != nil {
			return err
		}
		emitter.Records(1)
		example := talk(string(line.Text), s.Answer)
		if strings.HasPrefix(string(line.Text), "{") {
			example = &sdk.Example{}
			if err := json.Unmarshal(line.Text, example); err != nil {
				if err := emitter.Reject(sdk.Reject{Line: line.Number, Cause: "not an example"}); err != nil {
					return err
				}
				continue
			}
		}
		if len(line.Text) == 0 {
			emitter.Ignore("empty line", 1)
			continue
		}
		if err := emitter.Example(example); err != nil {
			return err
		}
	}
	if s.Appends {
		return appendLine(unit.Files[0].Path)
	}
	return nil
}

func appendLine(path string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString("one more\n")
	return errors.Join(err, file.Close())
}

type labFilter struct{}

func (labFilter) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	switch request := e.UserMessage(); {
	case e.ResponseText() == "twice" && strings.Contains(request, "once"):
		return sdk.Drop("it is a second", request), nil
	case strings.Contains(request, "drop"):
		return sdk.Drop("it says drop", request), nil
	case strings.Contains(request, "double"):
		return sdk.Replace(e, talk(request+" again", "twice")), nil
	case strings.Contains(request, "good"):
		score := 1.0
		return sdk.Annotate(sdk.Annotation{Quality: &score, Labels: []string{"good"}}), nil
	}
	return sdk.Keep(), nil
}

// hidden is the word that labRedact replaces everywhere.
const hidden = "jdoerner"

type labRedact struct{}

func (labRedact) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	n := 0
	replace := func(text string) string {
		n += strings.Count(text, hidden)
		return strings.ReplaceAll(text, hidden, "<NAME>")
	}
	for i := range e.Messages {
		m := &e.Messages[i]
		m.Text = replace(m.Text)
		for j := range m.Calls {
			m.Calls[j].Arguments = []byte(replace(string(m.Calls[j].Arguments)))
		}
	}
	e.Provenance.File = replace(e.Provenance.File)
	if n == 0 {
		return sdk.Keep(), nil
	}
	if strings.HasPrefix(e.Messages[0].Text, "unspeakable") {
		return sdk.Drop("it is unspeakable", ""), nil
	}
	verdict := sdk.Replace(e)
	verdict.Found = []sdk.Found{{Kind: "name", Place: "anywhere", Count: n}}
	return verdict, nil
}

type labToolset struct{}

func (labToolset) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if !strings.Contains(e.UserMessage(), "equip") {
		return sdk.Keep(), nil
	}
	e.Toolset = describing("given for " + e.UserMessage())
	return sdk.Replace(e), nil
}

type labLabel struct{}

func (labLabel) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if e.Toolset == nil {
		return sdk.Drop("it has no tools", ""), nil
	}
	return sdk.Annotate(sdk.Annotation{Labels: []string{e.Toolset.Tools[0].Description}}), nil
}

// describing makes a toolset of one tool.
func describing(description string) *sdk.Toolset {
	return &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Description: description, Schema: json.RawMessage(`{}`)}}}
}

type firstWord struct{}

func (firstWord) Keys(_ context.Context, e *sdk.Example) ([]string, error) {
	word, _, _ := strings.Cut(e.UserMessage(), " ")
	return []string{word}, nil
}

type labFormat struct{}

func (labFormat) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if strings.Contains(e.UserMessage(), "refuse") {
		return nil, sdk.Refuse("it says refuse")
	}
	row, err := json.Marshal(map[string]string{"q": e.UserMessage(), "a": e.ResponseText(), "system": e.System})
	return [][]byte{row}, err
}

// toolsFormat writes, for each example, the tools and the splits that it was told of at the beginning.
type toolsFormat struct{ row []byte }

func (f *toolsFormat) Begin(_ context.Context, dataset sdk.Dataset) error {
	for _, tool := range dataset.Tools.Tools {
		f.row = fmt.Append(f.row, tool.FullName(), " ", string(tool.Schema))
	}
	for _, split := range dataset.Splits {
		f.row = fmt.Append(f.row, " ", split)
	}
	return nil
}

func (f *toolsFormat) Encode(context.Context, *sdk.Example) ([][]byte, error) {
	return [][]byte{f.row}, nil
}

// textFormat does next to nothing itself, so that a benchmark measures the way to it.
type textFormat struct{}

func (textFormat) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	return [][]byte{[]byte(e.ResponseText())}, nil
}

// turnsFormat writes how many messages a row has and which tools it offers, into a folder that it names itself.
type turnsFormat struct{}

func (turnsFormat) Holds() sdk.Holds {
	return sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true, Thinking: true, LastOnly: true}
}

func (turnsFormat) File() string { return "parts/train.jsonl" }

func (turnsFormat) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if len(e.Messages) == 4 {
		return nil, sdk.Refuse("four messages")
	}
	tools := []string{}
	if e.Toolset != nil {
		for _, tool := range e.Toolset.Tools {
			tools = append(tools, tool.FullName())
		}
	}
	row, err := json.Marshal(map[string]any{"messages": len(e.Messages), "tools": tools, "system": e.System})
	return [][]byte{row}, err
}

func (turnsFormat) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	content, err := json.Marshal(written)
	return []sdk.Companion{{Name: "info.json", Content: content}, {Name: "done"}}, err
}

type wholeFormat struct{}

func (wholeFormat) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	row, err := json.Marshal(e)
	return [][]byte{row}, err
}

// listedFormat puts each file into a list that outputs share.
type listedFormat struct{ wholeFormat }

func (listedFormat) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	list := map[string]int{}
	for _, file := range written {
		name, _, _ := strings.Cut(file.Name, ".")
		list[name] = file.Rows
	}
	content, err := json.Marshal(list)
	return []sdk.Companion{{Name: "list.json", Content: content, Shared: true}}, err
}

// bench is what a test runs pipelines with: a folder and a host.
type bench struct {
	folder string
	host   *host.Host
}

func newBench(t testing.TB) *bench {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "logs"), 0o755))
	b := &bench{folder: folder, host: host.New([]sdk.Plugin{lab}, os.Environ(), slog.New(slog.DiscardHandler))}
	t.Cleanup(func() { b.host.Close(context.Background()) })
	return b
}

func (b *bench) log(t testing.TB, name, content string) {
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, "logs", name), []byte(content), 0o644))
}

func (b *bench) job(t testing.TB, pipeline string) *Job {
	t.Helper()
	loaded, err := load.Source(filepath.Join(b.folder, load.FileName), []byte(pipeline))
	require.NoError(t, err)
	planned, diagnostics := plan.New(t.Context(), loaded, b.host, plan.Settings{Cwd: b.folder})
	require.False(t, diagnostics.HasErrors(), diagnostics.Error())
	job, diagnostics, err := Open(t.Context(), planned, b.host)
	require.NoError(t, err)
	require.Empty(t, diagnostics)
	return job
}

func (b *bench) run(t testing.TB, pipeline string, options Options) *record.Summary {
	t.Helper()
	summary, err := b.job(t, pipeline).Run(t.Context(), options)
	require.NoError(t, err)
	return summary
}

func (b *bench) read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(b.folder, name))
	require.NoError(t, err)
	return string(data)
}
