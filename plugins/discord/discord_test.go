package discord

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) { sdktest.Conformance(t, Plugin, nil, "../../testdata/discord") }

func read(t testing.TB, log string) sdktest.Reading {
	path := filepath.Join(t.TempDir(), "conversations_2026-01-01.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(log), 0o644))
	return sdktest.Read(t, Plugin, "discord", sdk.Setup{Block: "source.discord.test", Paths: []string{path}}, "{}")
}

const simple = `{"type":"request","request_id":"1","message":"go north"}
{"type":"tool_call","request_id":"1","tool":"walk","arguments":{"to":"north"},"result":{"ok":true}}
{"type":"response","request_id":"1","response":"Going."}
`

func TestOddBytesLoseNothing(t *testing.T) {
	want := read(t, simple).Examples
	require.Len(t, want, 1)
	for name, log := range map[string]string{
		"byte order mark":     "\ufeff" + simple,
		"windows line ends":   strings.ReplaceAll(simple, "\n", "\r\n"),
		"blank lines":         strings.ReplaceAll(simple, "\n", "\n\n  \n"),
		"zeros":               strings.ReplaceAll(simple, "\n", "\x00\x00\n"),
		"no end of last line": strings.TrimSuffix(simple, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, log)
			require.Len(t, got.Examples, 1)
			require.Equal(t, want[0].ID, got.Examples[0].ID)
			require.Empty(t, got.Rejects)
		})
	}
}

func TestAHalfWrittenLastLineIsRejected(t *testing.T) {
	got := read(t, simple+`{"type":"request","request_id":"2","mess`)
	require.Len(t, got.Examples, 1)
	require.Len(t, got.Rejects, 1)
	require.Equal(t, 4, got.Rejects[0].Line)
	require.Equal(t, "the last line is half-written: not valid JSON: unexpected end of JSON input", got.Rejects[0].Cause)
}

func TestInvalidTextIsReplaced(t *testing.T) {
	got := read(t, strings.ReplaceAll(simple, "north", "n\xffrth"))
	require.Len(t, got.Examples, 1)
	require.Equal(t, "go n\ufffdrth", got.Examples[0].UserMessage())
	require.JSONEq(t, `{"to":"n\ufffdrth"}`, string(got.Examples[0].Calls()[0].Arguments))
}

func TestRequestsWaitForTheirLastRecordsButNotForever(t *testing.T) {
	var log strings.Builder
	log.WriteString(`{"type":"request","request_id":"early","message":"hi"}` + "\n")
	for range maxOpen {
		log.WriteString(`{"type":"request","request_id":"later","message":"hi"}` + "\n")
	}
	log.WriteString(`{"type":"response","request_id":"early","response":"too late"}` + "\n")
	log.WriteString(`{"type":"response","request_id":"later","response":"in time"}` + "\n")
	got := read(t, log.String())
	require.Len(t, got.Examples, 1)
	require.Equal(t, "in time", got.Examples[0].ResponseText())
	require.Equal(t, 1, got.Tally.Ignored["response without its request"])
}

func TestTimes(t *testing.T) {
	for timestamp, want := range map[string]string{
		`"2026-03-10T11:00:00+01:00"`: "2026-03-10T10:00:00Z",
		`"2026-03-10 10:00:00.5"`:     "2026-03-10T10:00:00.5Z", // without a zone it is taken for UTC
		`1773136800`:                  "2026-03-10T10:00:00Z",
		`1773136800.25`:               "2026-03-10T10:00:00.25Z",
		`1773136800250`:               "2026-03-10T10:00:00.25Z", // milliseconds
		`"1773136800"`:                "2026-03-10T10:00:00Z",
		`"yesterday"`:                 "0001-01-01T00:00:00Z",
		`20260310`:                    "0001-01-01T00:00:00Z",
		`1e300`:                       "0001-01-01T00:00:00Z",
		`-1`:                          "0001-01-01T00:00:00Z",
	} {
		r, err := parse([]byte(`{"type":"request","request_id":"1","timestamp":` + timestamp + `}`))
		require.NoError(t, err)
		require.Equal(t, want, r.time().Format(time.RFC3339Nano), timestamp)
	}
}

func TestCopiesOfALogHaveOneIdentity(t *testing.T) {
	folder := t.TempDir()
	log := strings.Replace(simple, `"request_id":"1",`, `"request_id":"1","timestamp":"2026-01-01T10:00:00",`, 1)
	for _, name := range []string{"conversations_a.jsonl", "copy/conversations_a.jsonl", "other.jsonl"} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(log), 0o644))
	}
	got := sdktest.Read(t, Plugin, "discord", sdk.Setup{Paths: []string{folder}}, "{}")
	require.Len(t, got.Units, 2)
	require.Len(t, got.Examples, 2)
	require.NotEmpty(t, got.Examples[0].Identity.Opening)
	require.Equal(t, got.Examples[0].Identity, got.Examples[1].Identity)
}

func TestTheModelIsTheOneThatAnswered(t *testing.T) {
	log := strings.Replace(simple, `"message"`, `"model":"asked","message"`, 1)
	require.Equal(t, "asked", read(t, log).Examples[0].Provenance.Model)
	log = strings.Replace(log, `"response":"Going."`, `"model":"answered","response":"Going."`, 1)
	require.Equal(t, "answered", read(t, log).Examples[0].Provenance.Model)
}

// FuzzRead goes over the wire, whose timing makes coverage unstable: run it with -fuzzminimizetime=0x.
func FuzzRead(f *testing.F) {
	f.Add([]byte(simple))
	f.Add([]byte("\ufeff" + simple + `{"type":"error","request_id":1,"error":{"a":[]}}` + "\n\x00\n{}"))
	f.Add([]byte(`{"type":"request","request_id":"1","username":"abc","user_id":123456,"message":"abc 123456"}
{"type":"tool_call","request_id":"1","tool":"t","arguments":"{\"abc\":123456}","result":"abc","error":"x","step":1}
{"type":"feedback","request_id":"1","rating":"NaN"}`))
	f.Fuzz(func(t *testing.T, log []byte) {
		got := read(t, string(log)) // checks that the records add up
		lines := 0
		for _, line := range strings.Split(strings.TrimPrefix(string(log), "\ufeff"), "\n") {
			if strings.TrimSpace(line) != "" {
				lines++
			}
		}
		require.Equal(t, lines, got.Tally.Read, "every line that is not blank is a record")
	})
}
