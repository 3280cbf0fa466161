package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// plain decodes rows that are examples as Go writes them. "problem" is what the format says about a row, and a row with
// "skip" has no example.
type plain struct{}

func (plain) Rows(rows [][]byte) ([]sdk.Decoded, error) {
	decoded := make([]sdk.Decoded, len(rows))
	for i, row := range rows {
		var content struct {
			Messages      json.RawMessage     `json:"messages"`
			Tools         *sdk.Toolset        `json:"tools"`
			Rejected      *sdk.Message        `json:"rejected"`
			Good          *bool               `json:"good"`
			System        string              `json:"system"`
			Chain         *sdk.ReasoningChain `json:"chain"`
			Problem, Skip string
		}
		if err := json.Unmarshal(row, &content); err != nil {
			return nil, err
		}
		if content.Problem != "" {
			decoded[i].Problems = []string{content.Problem}
		}
		if content.Skip == "" {
			var messages []sdk.Message
			if err := json.Unmarshal(content.Messages, &messages); err != nil && len(content.Messages) > 0 {
				return nil, err
			}
			decoded[i].Example = &sdk.Example{Messages: messages, Toolset: content.Tools, Rejected: content.Rejected, Good: content.Good, System: content.System, Chain: content.Chain}
		}
	}
	return decoded, nil
}

func check(t *testing.T, content string, settings Settings) *Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	settings.Keep = 100
	report, err := Check(t.Context(), path, plain{}, settings)
	require.NoError(t, err)
	return report
}

// row returns a conversation as a line; each message is given as JSON.
func row(messages ...string) string {
	return `{"messages":[` + strings.Join(messages, ",") + `]}` + "\n"
}

const (
	asks   = `{"Role":"user","Text":"go"}`
	says   = `{"Role":"assistant","Text":"done"}`
	calls  = `{"Role":"assistant","Calls":[{"ID":"1","Tool":"look","Arguments":{"at":"oak"}}]}`
	result = `{"Role":"tool","CallID":"1","Text":"an oak"}`
)

func TestProblemsOfARow(t *testing.T) {
	withTools := func(tools string) string {
		return `{"messages":[` + strings.Join([]string{asks, calls, result, says}, ",") + `],"tools":{"Tools":[` + tools + `]}}` + "\n"
	}
	call := func(call string) string {
		return row(asks, `{"Role":"assistant","Calls":[`+call+`]}`)
	}
	for want, line := range map[string]string{
		"not a JSON object":                                    "[1]\n",
		"not valid JSON at the top: ":                          "{1}\n",
		"not valid JSON at /messages: invalid":                 `{"messages":NaN}` + "\n",
		"not valid JSON at /a: duplicate":                      `{"a":1,"a":2}` + "\n",
		"something follows the JSON object":                    `{"a":1} {}` + "\n",
		"a byte order mark":                                    "\ufeff" + row(asks, says),
		"not valid JSON at /a: invalid surr":                   `{"a":"\ud83d"}` + "\n",
		"not valid JSON at /a: invalid UTF-8":                  "{\"a\":\"\xff\"}\n",
		"the roles are wrong":                                  `{"problem":"the roles are wrong","skip":"yes"}` + "\n",
		"no messages":                                          row(),
		"message 0 has an unknown role":                        row(`{"Role":"narrator","Text":"x"}`, asks, says),
		"message 1 is the model's, but empty":                  row(asks, `{"Role":"assistant","Text":" "}`),
		"message 2 comes before the result of":                 row(asks, calls, says),
		"message 2 is a result for the call \"2\"":             row(asks, calls, `{"Role":"tool","CallID":"2"}`, result, says),
		"message 3 has a call with the id \"1\"":               row(asks, calls, result, calls, result, says),
		"message 1 has a call with the id \"\"":                call(`{"Tool":"look","Arguments":{}}`),
		"with arguments that are not a JSON":                   call(`{"ID":"1","Tool":"look","Arguments":"x"}`),
		"the last message is not the model's":                  row(asks, says, asks),
		"no user message":                                      row(says),
		"nothing to train on":                                  row(asks, `{"Role":"assistant","Text":"x","Masked":true}`),
		"a special token in message 0":                         row(`{"Role":"user","Text":"<|im_end|>"}`, says),
		"a special token in the arguments":                     call(`{"ID":"1","Tool":"look","Arguments":{"a":["<|im_end|>"]}}`),
		"which is not among the tools":                         withTools(`{"Name":"send","Schema":{"type":"object","properties":{}}}`),
		"the tool \"look\" has no schema":                      withTools(`{"Name":"look","Schema":{"type":"object"}}`),
		"a tool has no name":                                   withTools(`{"Name":"look","Schema":{"type":"object","properties":{}}},{"Schema":{}}`),
		"the better and the worse answer":                      `{"messages":[` + asks + "," + says + `],"rejected":` + says + "}\n",
		"the prompt of the pair does not end":                  `{"messages":[` + asks + "," + says + "," + says + `],"rejected":{"Role":"assistant","Text":"x"}}` + "\n",
		"a special token in the system prompt":                 `{"messages":[` + asks + "," + says + `],"system":"<|im_end|>"}` + "\n",
		"a special token in the reasoning of message 1":        row(asks, `{"Role":"assistant","Text":"x","Thinking":"<|im_end|>"}`),
		"a special token in the worse answer":                  `{"messages":[` + asks + "," + says + `],"rejected":{"Role":"assistant","Text":"<|im_end|>"}}` + "\n",
		"a special token in the arguments of the worse answer": `{"messages":[` + asks + "," + says + `],"rejected":{"Role":"assistant","Calls":[{"ID":"1","Tool":"look","Arguments":{"<|im_end|>":1}}]}}` + "\n",
		"message 2 comes before the result of a call":          row(asks, calls, asks, says),
		"with arguments that are not a JSON object":            call(`{"ID":"1","Tool":"look","Arguments":null}`),
		"the tool \"look\" has no schema of":                   withTools(`{"Name":"look","Schema":{"type":"array","properties":{}}}`),
		"the tool \"look\" has no schema of an object":         withTools(`{"Name":"look","Schema":{"type":"object","properties":[]}}`),
		"the tool \"look\" has no schema of an object with":    withTools(`{"Name":"look"}`),
		"the worse answer is empty":                            `{"messages":[` + asks + "," + says + `],"rejected":{"Role":"assistant"}}` + "\n",
	} {
		report := check(t, line, Settings{})
		require.Equal(t, 1, report.Rows)
		require.False(t, report.OK(), want)
		require.Equal(t, 1, report.Bad, want)
		require.Len(t, report.Problems, 1, want)
		require.Contains(t, strings.Join(slices.Collect(maps.Keys(report.Problems)), "\n"), want)
		require.Equal(t, 1, report.Findings[0].Line)
	}
	madeUp := `{"messages":[` + asks + "," + calls + `],"tools":{"Tools":[{"Name":"send","Schema":{"type":"object","properties":{}}}]},"good":`
	judged := check(t, madeUp+"false}\n"+madeUp+"true}\n", Settings{})
	require.Equal(t, map[string]int{`message 1 calls "look", which is not among the tools`: 1}, judged.Problems)
	require.Equal(t, 2, judged.Findings[0].Line, "a bad answer may call a tool that there is not")
	alone := check(t, `{"messages":[`+says+`],"rejected":{"Role":"assistant","Text":"x"}}`+"\n", Settings{})
	require.Contains(t, alone.Problems, "the prompt of the pair does not end with a user message or a result")
}

const (
	looks   = `{"Name":"look","Schema":{"type":"object","properties":{}}}`
	offered = `,"tools":{"Tools":[{"Name":"send","Schema":{"type":"object","properties":{"a":{}}}},` + looks + `]}`
)

// pair returns a row with two answers of the model.
func pair(better, worse string) string {
	return `{"messages":[` + asks + "," + better + `],"rejected":` + worse + offered + "}\n"
}

// TestNothingIsWrong: neither a problem nor a warning.
func TestNothingIsWrong(t *testing.T) {
	call := func(call string) string { return `{"Role":"assistant","Calls":[` + call + `]}` }
	look := func(arguments string) string { return `{"ID":"1","Tool":"look","Arguments":` + arguments + `}` }
	one, two := look(`{"at":"oak"}`), `{"ID":"2","Tool":"send","Arguments":{}}`
	for name, line := range map[string]string{
		"a text":                    row(asks, says),
		"a call":                    `{"messages":[` + strings.Join([]string{asks, calls, result, says}, ",") + "]" + offered + "}\n",
		"a call at the end":         `{"messages":[` + asks + "," + calls + "]" + offered + "}\n",
		"results in any order":      `{"messages":[` + strings.Join([]string{asks, call(one + "," + two), `{"Role":"tool","CallID":"2"}`, result, says}, ",") + "]" + offered + "}\n",
		"a system message":          row(`{"Role":"system","Text":"x"}`, asks, says),
		"a part is trained":         row(asks, `{"Role":"assistant","Text":"x","Masked":true}`, asks, says),
		"only the first is trained": row(asks, says, asks, `{"Role":"assistant","Text":"x","Masked":true}`),
		"other words":               pair(says, `{"Role":"assistant","Text":"no"}`),
		"other thoughts":            pair(says, `{"Role":"assistant","Text":"done","Thinking":"x"}`),
		"one more call":             pair(call(one), call(one+","+two)),
		"another tool":              pair(call(one), `{"Role":"assistant","Calls":[{"ID":"1","Tool":"send","Arguments":{"at":"oak"}}]}`),
		"other arguments":           pair(call(one), call(look(`{"at":"ash"}`))),
		"a pair after a result":     `{"messages":[` + strings.Join([]string{asks, calls, result, says}, ",") + `],"rejected":{"Role":"assistant","Text":"no"}` + offered + "}\n",
		"a detail":                  `{"chain":{"Problem":"x"}}` + "\n",
	} {
		report := check(t, line, Settings{})
		require.Empty(t, report.Findings, name)
		require.True(t, report.OK(), name)
	}
	require.True(t, check(t, row(asks), Settings{Records: true}).OK(), "a record need not be fit to train on")
	same := pair(call(one), `{"Role":"assistant","Calls":[{"ID":"other","Tool":"look","Arguments":{"at":"oak"}}]}`)
	require.Contains(t, check(t, same, Settings{}).Problems, "the better and the worse answer are the same")
}

func TestCallsOfAFormatWithoutResults(t *testing.T) {
	line := row(asks, calls, says, asks, says)
	require.False(t, check(t, line, Settings{}).OK())
	require.Empty(t, check(t, line, Settings{Bare: true}).Findings)
}

// counting records how many rows it is given at a time.
type counting struct{ at []int }

func (c *counting) Rows(rows [][]byte) ([]sdk.Decoded, error) {
	c.at = append(c.at, len(rows))
	return plain{}.Rows(rows)
}

// TestFewRowsAreInMemory: rows are read back some at a time.
func TestFewRowsAreInMemory(t *testing.T) {
	long := row(`{"Role":"user","Text":"`+strings.Repeat("oak ", batchBytes/4)+`"}`, says)
	path := filepath.Join(t.TempDir(), "data.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat(row(asks, says), 2*batchRows+1)+long+long+row(asks, says)), 0o600))
	var c counting
	report, err := Check(t.Context(), path, &c, Settings{})
	require.NoError(t, err)
	require.Equal(t, []int{batchRows, batchRows, 2, 1, 1}, c.at)
	require.Equal(t, 2*batchRows+4, report.Rows)
	require.True(t, report.OK())
}

// failing always fails.
type failing struct{ err error }

func (f failing) Rows([][]byte) ([]sdk.Decoded, error) { return nil, f.err }

func TestACheckThatFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.jsonl")
	_, err := Check(t.Context(), path, plain{}, Settings{})
	require.ErrorIs(t, err, os.ErrNotExist)
	for _, rows := range []int{1, batchRows} {
		require.NoError(t, os.WriteFile(path, []byte(strings.Repeat(row(asks, says), rows)), 0o600))
		_, err = Check(t.Context(), path, failing{errors.New("gone")}, Settings{})
		require.EqualError(t, err, "read rows back: gone")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Check(ctx, path, plain{}, Settings{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestALineTooLong: the file is a sparse one.
func TestALineTooLong(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "data.jsonl"))
	require.NoError(t, err)
	defer file.Close()
	_, err = file.WriteString(row(asks))
	require.NoError(t, err)
	_, err = file.Seek(sdk.MaxLine+1, io.SeekCurrent)
	require.NoError(t, err)
	_, err = file.WriteString("\n" + row(asks, says))
	require.NoError(t, err)
	report, err := Check(t.Context(), file.Name(), plain{}, Settings{Keep: 9})
	require.NoError(t, err)
	require.Equal(t, 3, report.Rows)
	require.Equal(t, 2, report.Bad)
	require.Equal(t, []Finding{{Line: 1, Text: "the last message is not the model's"}, {Line: 1, Text: "nothing to train on"}, {Line: 2, Text: sdk.ErrLongLine.Error()}}, report.Findings)
}

// TestManyProblems: not all of them are shown, and not all of their kinds are told apart.
func TestManyProblems(t *testing.T) {
	var content strings.Builder
	for i := range mostKinds + 7 {
		fmt.Fprintf(&content, `{"problem":"p%d","skip":"yes"}`+"\n", i)
	}
	report := check(t, content.String()+`{"problem":"p0","skip":"yes"}`+"\n", Settings{})
	require.Len(t, report.Findings, 100)
	require.Equal(t, mostKinds+8, report.Bad)
	require.Len(t, report.Problems, mostKinds+1)
	require.Equal(t, 7, report.Problems["others"])
	require.Equal(t, 2, report.Problems["p0"])
}

func TestFindingsHaveTheirLines(t *testing.T) {
	report := check(t, row(asks, says)+"\n"+row(asks)+row(asks, says)+"oops\n", Settings{})
	require.Equal(t, 4, report.Rows)
	require.Equal(t, 2, report.Bad)
	require.Equal(t, []int{3, 5}, []int{report.Findings[0].Line, report.Findings[len(report.Findings)-1].Line})
}

func TestProblemsOfAFile(t *testing.T) {
	require.Equal(t, map[string]int{"no rows": 1}, check(t, "", Settings{}).Problems)
	good := func(label string) string { return `{"messages":[` + asks + "," + says + `],"good":` + label + "}\n" }
	require.True(t, check(t, good("true")+good("false"), Settings{}).OK())
	for _, label := range []string{"true", "false"} {
		require.Contains(t, check(t, good(label)+good(label), Settings{}).Problems, "every row has the same judgement: trainers need both good and bad examples")
	}
}

// TestColumns: all values of a column must be of one kind. A column is reported once.
func TestColumns(t *testing.T) {
	columns := func(rows ...string) []string {
		var told []string
		for _, f := range check(t, strings.Join(rows, "\n")+"\n", Settings{Records: true}).Findings {
			told = append(told, fmt.Sprint(f.Line, " ", f.Text))
		}
		return told
	}
	values := []string{`"x"`, `1`, `{}`, `[]`, `true`}
	for i, kind := range []string{"a string", "a number", "an object", "a list", "true or false"} {
		other := values[(i+1)%len(values)]
		a, b := `{"a":`+values[i]+`}`, `{"a":`+other+`}`
		require.Empty(t, columns(a, `{"a":null}`, a))
		told := columns(`{"a":null}`, b, a, a)
		require.Len(t, told, 1)
		require.Regexp(t, `^3 the column "a" is `+kind+` here but .+ before$`, told[0])
	}
	require.Equal(t, []string{`2 the column "b" is not in the first row`, `3 the column "c" is not in the first row`},
		columns(`{"a":1}`, `{"a":1,"b":1}`, `{"b":1,"c":1}`))
}

// TestTraces: the package datasets takes a file with the columns of an agent's trace for one.
func TestTraces(t *testing.T) {
	for columns, trace := range map[string]bool{
		`"id":"1","source":"s","model":"m","system_prompt":"p","messages":[]`: true,
		`"id":"1","source":"s","model":"m","system_prompt":1,"messages":[]`:   false,
		`"type":"t","message":{}`:                     true,
		`"type":"t","message":"m"`:                    false,
		`"type":"t","payload":{}`:                     true,
		`"type":"t","id":"1","cwd":"c","version":1`:   true,
		`"type":"t","id":"1","cwd":"c","version":"1"`: false,
	} {
		problems := fmt.Sprint(check(t, "{"+columns+"}\n", Settings{Records: true}).Problems)
		require.Equal(t, trace, strings.Contains(problems, "take the file for an agent trace"), columns)
	}
}

func TestWarnings(t *testing.T) {
	for want, content := range map[string]string{
		`the column "system" is not in the first row`:                                row(asks, says) + `{"messages":[` + asks + "," + says + `],"system":"x"}` + "\n",
		"the row calls tools but offers none":                                        row(asks, calls, result, says),
		"<image> in a text: trainers of multimodal models count it as an attachment": row(`{"Role":"user","Text":"see <image>"}`, says),
		"<video> in a text: trainers of multimodal models count it as an attachment": row(`{"Role":"user","Text":"see <video>"}`, says),
		"<audio> in a text: trainers of multimodal models count it as an attachment": row(`{"Role":"user","Text":"hear <audio>"}`, says),
		"null in arguments: some readers take it for a missing key":                  `{"messages":[` + asks + `,{"Role":"assistant","Calls":[{"ID":"1","Tool":"look","Arguments":{"a":null}}]}]` + offered + "}\n",
	} {
		report := check(t, content, Settings{})
		require.True(t, report.OK(), want)
		require.Equal(t, map[string]int{want: 1}, report.Warnings)
	}
}

// TestWhatComesLate: a reader that infers the columns from the beginning of a file has not seen it.
func TestWhatComesLate(t *testing.T) {
	long := row(`{"Role":"user","Text":"`+strings.Repeat("oak ", 1<<20)+`"}`, says)
	late := `{"messages":[` + strings.Join([]string{asks, `{"Role":"assistant","Text":"x","Masked":true}`, asks, calls, result, `{"Role":"assistant","Text":"x","Thinking":"x"}`}, ",") + "]" + offered + "}\n"
	report := check(t, long+long+long+late, Settings{Records: true})
	for _, what := range []string{"a call", "a result", "a message that is not trained", "reasoning", "tools"} {
		require.Contains(t, report.Warnings, what+" first appears after 12 MB: readers that infer the schema from the beginning fail there")
	}
	early := check(t, late+long+long+long+late, Settings{Records: true})
	require.Empty(t, early.Warnings)
}

func TestLengths(t *testing.T) {
	tokenizer, err := tokens.Open("qwen")
	require.NoError(t, err)
	ends := row(`{"Role":"user","Text":"`+strings.Repeat("oak ", 10)+`"}`, `{"Role":"assistant","Text":"`+strings.Repeat("oak ", 200)+`"}`)
	begins := row(`{"Role":"user","Text":"`+strings.Repeat("oak ", 200)+`"}`, says)
	report := check(t, row(asks, says)+ends+begins, Settings{Tokenizer: tokenizer, MaxLength: 100})
	require.True(t, report.OK())
	require.Equal(t, 2, report.Lengths.Trimmed)
	require.Equal(t, 1, report.Lengths.Untrained)
	require.Greater(t, report.Lengths.Longest, 200)
	require.Greater(t, report.Lengths.Total, 400)

	require.Equal(t, map[string]int{"longer than 100 tokens: the trainer cuts off its end or, like Axolotl by default, drops it": 1, "nothing to train on within the first 100 tokens": 1}, report.Warnings)

	counted := check(t, begins, Settings{Tokenizer: tokenizer})
	require.Equal(t, &Lengths{Total: counted.Lengths.Total, Longest: counted.Lengths.Total}, counted.Lengths, "without a length nothing is cut")
	require.Empty(t, counted.Warnings)
	whole, begin := counted.Lengths.Total, check(t, row(`{"Role":"user","Text":"`+strings.Repeat("oak ", 200)+`"}`), Settings{Tokenizer: tokenizer}).Lengths.Total
	for _, c := range []struct{ length, trimmed, untrained int }{{whole, 0, 0}, {whole - 1, 1, 0}, {begin + 1, 1, 0}, {begin, 1, 1}} {
		lengths := check(t, begins, Settings{Tokenizer: tokenizer, MaxLength: c.length}).Lengths
		require.Equal(t, []int{c.trimmed, c.untrained}, []int{lengths.Trimmed, lengths.Untrained})
	}

	again := row(asks, says, `{"Role":"user","Text":"`+strings.Repeat("oak ", 200)+`"}`, says)
	require.Zero(t, check(t, again, Settings{Tokenizer: tokenizer, MaxLength: 100}).Lengths.Untrained)
	require.Equal(t, 1, check(t, again, Settings{Tokenizer: tokenizer, MaxLength: 100, LastOnly: true}).Lengths.Untrained)
	shown := strings.Replace(again, `"done"`, `"done","Masked":true`, 1)
	require.Equal(t, 1, check(t, shown, Settings{Tokenizer: tokenizer, MaxLength: 100}).Lengths.Untrained, "what is only shown is not trained")
}

func FuzzStrict(f *testing.F) {
	f.Add([]byte(`{"a":[1,"x",{"b":null}]}`))
	f.Add([]byte("{\"a\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, row []byte) {
		if strict(row) == nil {
			require.True(t, json.Valid(row))
		}
	})
}
