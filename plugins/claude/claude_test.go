package claude

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) { sdktest.Conformance(t, Plugin, nil) }

// read reads one session with this content.
func read(t *testing.T, content string) sdktest.Reading {
	t.Helper()
	return readWith(t, content, "{}")
}

// readWith reads one session with this content by a source with options.
func readWith(t *testing.T, content, options string) sdktest.Reading {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "s.jsonl"), []byte(content), 0o600))
	return sdktest.Read(t, Plugin, "claude", sdk.Setup{Block: "test", Paths: []string{folder}}, options)
}

const greeting = `{"type":"user","uuid":"a","message":{"content":"hi"}}` + "\n" +
	`{"type":"assistant","uuid":"b","message":{"id":"m","content":[{"type":"text","text":"Hello."}]}}`

// Some services give every call the same id. Counting up from the first number for each of them would take minutes.
func TestManyCallsOfOneID(t *testing.T) {
	const calls = 20000
	session := strings.Builder{}
	session.WriteString(`{"type":"user","uuid":"a","message":{"content":"hi"}}` + "\n")
	for n := range calls {
		fmt.Fprintf(&session, `{"type":"assistant","uuid":"b%d","message":{"id":"m%d","content":[{"type":"tool_use","id":"call_0","name":"Bash","input":{}}]}}`+"\n", n, n)
		session.WriteString(`{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"call_0","content":"1"}]}}` + "\n")
	}
	ids := map[string]bool{}
	for _, message := range read(t, session.String()).Examples[0].Messages {
		for _, call := range message.Calls {
			ids[call.ID] = true
		}
	}
	require.Len(t, ids, calls)
	require.True(t, ids[fmt.Sprintf("call_0-%d", calls)])
}

// Records of a call's progress form a long chain, and many others may hang on its end.
func TestManyRecordsHangOnOneChain(t *testing.T) {
	const links = 20000
	session := strings.Builder{}
	session.WriteString(`{"type":"user","uuid":"p0","message":{"content":"hi"}}` + "\n")
	for n := range links {
		fmt.Fprintf(&session, `{"type":"progress","uuid":"p%d","parentUuid":"p%d"}`+"\n", n+1, n)
	}
	for n := range links {
		fmt.Fprintf(&session, `{"type":"assistant","uuid":"b%d","parentUuid":"p%d","message":{"id":"m%d","content":[{"type":"text","text":"x"}]}}`+"\n", n, links, n)
	}
	require.Len(t, read(t, session.String()).Examples[0].Messages, links+1)
}

func TestLastLine(t *testing.T) {
	for name, test := range map[string]struct {
		tail              string
		ignored, rejected int
	}{
		"complete without a line end": {"", 0, 0},
		"half-written":                {"\n" + `{"type":"user","mess`, 1, 0},
		"half-written after another":  {`{"type":"summary"}{"type":`, 2, 0},
		"bad with a line end":         {"\n" + `{"type":"user","mess` + "\n", 0, 1},
		"zeros of a lost write":       {"\n\x00\x00\x00\n", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			reading := read(t, greeting+test.tail)
			require.Len(t, reading.Examples, 1)
			ignored := 0
			for _, n := range reading.Tally.Ignored {
				ignored += n
			}
			require.Equal(t, test.ignored, ignored)
			require.Len(t, reading.Rejects, test.rejected)
		})
	}
}

func TestRecordBehindZerosIsRead(t *testing.T) {
	zeros := strings.Repeat("\x00", 300)
	reading := read(t, `{"parentUuid":null,"type":"user","message":{"content":"hi"}}`+zeros+
		`{"parentUuid":null,"type":"assistant","uuid":"b","message":{"id":"m","content":[{"type":"text","text":"Hello."}]}}`+"\n")
	require.Len(t, reading.Examples, 1)
	require.Equal(t, "Hello.", reading.Examples[0].Messages[1].Text)
	require.Equal(t, []sdk.Reject{{File: "s.jsonl", Line: 1, Cause: "not valid JSON"}}, reading.Rejects)
}

func TestZerosBeforeRecordsArePassed(t *testing.T) {
	reading := read(t, "\x00\x00"+strings.ReplaceAll(greeting, "\n", "\n\x00")+"\n")
	require.Len(t, reading.Examples, 1)
	require.Equal(t, "hi", reading.Examples[0].UserMessage())
	require.Empty(t, reading.Rejects)
}

func TestDeepNestingIsRejected(t *testing.T) {
	reading := read(t, `{"type":"user","message":`+strings.Repeat("[", 5_000_000)+"\n"+greeting)
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{{File: "s.jsonl", Line: 1, Cause: "not valid JSON"}}, reading.Rejects)
}

func TestLongLine(t *testing.T) {
	long := strings.Repeat("x", 8<<20)
	reading := read(t, strings.Replace(greeting, "hi", long, 1))
	require.Len(t, reading.Examples, 1)
	require.Len(t, reading.Examples[0].UserMessage(), len(long))
}

// TestAConversationIsOneWithItsForks: a session that was forked or resumed as another one begins with the same records,
// under another session id. Its sub-agents are part of it, even if only they are parsed.
func TestAConversationIsOneWithItsForks(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	turn := func(session, uuid, text string) string {
		return fmt.Sprintf(`{"type":"user","uuid":%[2]q,"sessionId":%[1]q,"message":{"content":%[3]q}}`+"\n"+
			`{"type":"assistant","uuid":"%[2]s+","message":{"id":"m%[2]s","content":[{"type":"tool_use","id":"t%[2]s","name":"Bash","input":{}}]}}`+"\n"+
			`{"type":"user","uuid":"%[2]s-","message":{"content":[{"type":"tool_result","tool_use_id":"t%[2]s","content":"ok"}]}}`+"\n", session, uuid, text)
	}
	write("one.jsonl", `{"type":"summary"}`+"\n"+turn("one", "a", "go")+turn("one", "b", "on"))
	write("two.jsonl", `{"type":"progress","uuid":"p","sessionId":"two"}`+"\n"+`{"type":"user","uuid":"w","isSidechain":true,"message":{"content":"Warmup"}}`+"\n"+turn("two", "a", "go")+turn("two", "c", "elsewhere"))
	write("three.jsonl", turn("three", "d", "go"))
	write("one/subagents/agent-x.jsonl", strings.ReplaceAll(turn("one", "s", "look"), `"Bash"`, `"Grep"`))
	conversations := func(selection *sdk.Selection) map[string]string {
		found := map[string]string{}
		setup := sdk.Setup{Block: "test", Paths: []string{folder}, Selection: selection}
		for _, example := range sdktest.Read(t, Plugin, "claude", setup, "{}").Examples {
			found[example.UserMessage()] += example.Identity.Conversation
		}
		return found
	}
	require.Equal(t, map[string]string{"go": "ada", "on": "a", "elsewhere": "a", "look": "a"}, conversations(nil))
	require.Equal(t, map[string]string{"look": "a"}, conversations(&sdk.Selection{Tools: []string{"Grep"}}))
}

// TestAForkWithIDsOfItsOwnIsACopy: some forks give the records that they repeat new ids and also name the old ones.
func TestAForkWithIDsOfItsOwnIsACopy(t *testing.T) {
	fork := strings.NewReplacer(`"uuid":"a"`, `"uuid":"x","forkedFrom":{"sessionId":"s","messageUuid":"a"}`,
		`"uuid":"b"`, `"uuid":"y","parentUuid":"x","forkedFrom":{"sessionId":"s","messageUuid":"b"}`).Replace(greeting)
	example := read(t, fork).Examples[0]
	require.Equal(t, []string{"x", "y"}, example.Provenance.RecordIDs)
	require.Equal(t, "x", example.Identity.Alias, "by which a fork of the fork knows it")
	example.Identity.Alias = ""
	require.Equal(t, read(t, greeting).Examples[0].Identity, example.Identity)
}

// TestALogBesideTheTranscriptIsACopy: the desktop app keeps a log of its own, in which it gives each prompt an id before the
// program repeats the prompt with the one that the transcript has.
func TestALogBesideTheTranscriptIsACopy(t *testing.T) {
	sent := `{"type":"user","uuid":"sent","client_platform":"desktop_app","message":{"content":"go"}}` + "\n" +
		`{"type":"system","subtype":"init","uuid":"i"}` + "\n"
	repeated := `{"type":"user","uuid":"u","isReplay":true,"message":{"content":"go"}}` + "\n"
	prompted := strings.Replace(repeated, `"isReplay":true,`, "", 1)
	worked := `{"type":"assistant","uuid":"u+","message":{"id":"m","content":[{"type":"tool_use","id":"c","name":"Bash","input":{}}]}}` + "\n" +
		`{"type":"user","uuid":"u-","message":{"content":[{"type":"tool_result","tool_use_id":"c","content":"ok"}]}}` + "\n"
	transcript, log := read(t, prompted+worked).Examples[0].Identity, read(t, sent+repeated+worked).Examples[0].Identity
	require.Equal(t, transcript.Opening, log.Opening)
	require.Equal(t, transcript.Calls, log.Calls)
}

// TestCopiesAreComparedByTheirOwnCalls: neither what a selection keeps nor what history shows changes the calls of the identity.
func TestCopiesAreComparedByTheirOwnCalls(t *testing.T) {
	folder := t.TempDir()
	log := ""
	for _, turn := range []string{"a", "b"} {
		log += fmt.Sprintf(`{"type":"user","uuid":%[1]q,"message":{"content":"go"}}`+"\n"+
			`{"type":"assistant","uuid":"%[1]s+","message":{"id":"m%[1]s","content":[{"type":"tool_use","id":"%[1]s1","name":"Bash","input":{}},{"type":"tool_use","id":"%[1]s2","name":"Grep","input":{}}]}}`+"\n"+
			`{"type":"user","uuid":"%[1]s-","message":{"content":[{"type":"tool_result","tool_use_id":"%[1]s1","content":"ok"},{"type":"tool_result","tool_use_id":"%[1]s2","content":"ok"}]}}`+"\n", turn)
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "s.jsonl"), []byte(log), 0o600))
	setup := sdk.Setup{Block: "test", Paths: []string{folder}, Selection: &sdk.Selection{Tools: []string{"Grep"}}}
	examples := sdktest.Read(t, Plugin, "claude", setup, `{"history": 1000}`).Examples
	require.Len(t, examples, 2)
	require.Equal(t, []string{"a2", "b2"}, examples[1].Answered())
	require.Equal(t, []string{"b1", "b2"}, examples[1].Identity.Calls)
}

func TestProvenance(t *testing.T) {
	reading := read(t, `{"type":"mode"}`+"\n"+
		`{"type":"user","uuid":"a","sessionId":"s","version":"2.1.0","timestamp":"2026-01-02T03:04:05Z","message":{"content":"hi"}}`+"\n"+
		`{"type":"assistant","uuid":"b","message":{"id":"m","model":"claude-opus-4-5","content":"Hello."}}`)
	require.Len(t, reading.Examples, 1)
	p := reading.Examples[0].Provenance
	require.Equal(t, []any{"s.jsonl", 2, 3, "s", "2.1.0", "claude-opus-4-5", "2026-01-02T03:04:05Z", []string{"a", "b"}, 2},
		[]any{p.File, p.FirstLine, p.LastLine, p.Session, p.ProducerVersion, p.Model, p.Time.Format("2006-01-02T15:04:05Z07:00"), p.RecordIDs, p.Records})
}

// halfRead reads a session whose file can be read in order to its last byte and then fails.
type halfRead struct{ source *source }

func (h halfRead) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	file := unit.Files[0]
	content, err := os.ReadFile(file.Path)
	if err != nil {
		return err
	}
	broken := iotest.ErrReader(&fs.PathError{Op: "read", Path: file.Path, Err: errors.New("disk fault")})
	half := struct {
		io.Reader
		io.ReaderAt
	}{io.MultiReader(bytes.NewReader(content), broken), bytes.NewReader(content)}
	return h.source.parse(ctx, file, file, half, emitter)
}

func TestWhatStandsBeforeAFaultIsRead(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "s.jsonl"), []byte(greeting+"\n"), 0o600))
	plugin := Plugin
	plugin.Steps = []sdk.Step{sdk.NewSource("claude", "Breaks off.", func(setup sdk.Setup, o options) (sdk.Source, error) {
		opened, err := newSource(setup, o)
		return halfRead{opened.(*source)}, err
	})}
	reading := sdktest.Read(t, plugin, "claude", sdk.Setup{Block: "test", Paths: []string{folder + "/s.jsonl"}}, "{}")
	require.Len(t, reading.Examples, 1)
	require.Len(t, reading.Rejects, 1)
	require.Contains(t, reading.Rejects[0].Cause, "disk fault")
	require.Equal(t, reading.Tally.Sum(), reading.Tally.Read)
}

func TestCopiesShareTheirOpening(t *testing.T) {
	queued := `{"type":"queue-operation","operation":"enqueue","content":"hi"}` + "\n" + `{"type":"queue-operation","operation":"remove"}` + "\n"
	_, answer, _ := strings.Cut(greeting, "\n")
	require.Equal(t, "a", read(t, greeting).Examples[0].Identity.Opening)
	require.Equal(t, "b", read(t, queued+answer).Examples[0].Identity.Opening, "a prompt from the queue has no id")
	asked := `{"type":"user","uuid":"c","message":{"content":"and now?"}}`
	summary := `{"type":"user","uuid":"s","isCompactSummary":true,"message":{"content":"What was said before."}}` + "\n"
	require.Equal(t, "a", read(t, summary+greeting).Examples[0].Identity.Opening, "a copy may begin with a compaction")
	require.Equal(t, "s", read(t, summary+answer).Examples[0].Identity.Opening)
	require.Equal(t, "s", readWith(t, summary+answer+"\n"+asked, `{"per": "session"}`).Examples[0].Identity.Opening, "copies may differ in what was asked later")
}

// eachSession visits the session files of the golden cases.
func eachSession(t testing.TB, visit func(path string, file txtar.File)) {
	t.Helper()
	cases, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		require.NoError(t, err)
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".jsonl") {
				visit(path, file)
			}
		}
	}
}

// FuzzTranscript checks what holds for any input: nothing panics, every record is part of one turn or ignored, and calls
// and results pair up.
func FuzzTranscript(f *testing.F) {
	eachSession(f, func(_ string, file txtar.File) { f.Add(file.Data, strings.Contains(file.Name, "agent-")) })
	f.Fuzz(func(t *testing.T, content []byte, subagent bool) {
		agent := ""
		if subagent {
			agent = "a"
		}
		records, accounted := 0, 0
		split := newSplitter(agent)
		decoder := newDecoder()
		for line, err := range sdk.Lines(bytes.NewReader(content)) {
			require.NoError(t, err)
			for s := scan.New(line.Text); s.Kind() == '{'; records++ {
				record, ok := decoder.decode(s, line.Number, line.Offset)
				if !ok {
					break
				}
				split.add(record)
			}
		}
		w := &writer{window: &window{file: bytes.NewReader(content)}, thinking: true, wanted: func(string) bool { return true }}
		for _, c := range split.conversations {
			c.read, c.expand, c.show = w.blocks, subagent, subagent
			c.build()
			for _, n := range c.ignored {
				accounted += n
			}
			for _, turn := range c.turns {
				accounted += len(turn.records)
				example, err := w.example(turn)
				require.NoError(t, err)
				requirePaired(t, example)
			}
			for i, whole := range join(c.turns) {
				accounted -= len(whole.records)
				example, err := w.example(whole)
				require.NoError(t, err)
				requirePaired(t, example)
				require.NoError(t, w.history(example, c.turns, min(i, len(c.turns)-1), 100))
			}
			for _, turn := range c.turns {
				accounted += len(turn.records)
			}
		}
		require.Equal(t, records, accounted, "every record is part of one turn or ignored")
	})
}

func requirePaired(t *testing.T, example *sdk.Example) {
	t.Helper()
	open, seen := map[string]bool{}, map[string]bool{}
	for _, message := range example.Messages {
		if message.Role == sdk.RoleTool {
			require.True(t, open[message.CallID], "the result of %q follows its call", message.CallID)
			delete(open, message.CallID)
			continue
		}
		require.Empty(t, open, "results follow their calls at once")
		for _, call := range message.Calls {
			require.False(t, seen[call.ID], "call %q stands once", call.ID)
			open[call.ID], seen[call.ID] = true, true
		}
	}
	require.Empty(t, open, "every call has its result")
}
