package dataset

import (
	"encoding/json"
	"fmt"
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

// plain reads rows that are examples as Go writes them; "problem" is what the format says of a row.
type plain struct{}

func (plain) Rows(rows [][]byte) ([]sdk.Decoded, error) {
	decoded := make([]sdk.Decoded, len(rows))
	for i, row := range rows {
		var content struct {
			Messages      json.RawMessage `json:"messages"`
			Tools         *sdk.Toolset    `json:"tools"`
			Rejected      *sdk.Message    `json:"rejected"`
			Good          *bool           `json:"good"`
			System        string          `json:"system"`
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
			decoded[i].Example = &sdk.Example{Messages: messages, Toolset: content.Tools, Rejected: content.Rejected, Good: content.Good, System: content.System}
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

// row is a conversation as a line; what the log holds of each message is given as JSON.
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
		"":                                                     row(asks, calls, result, says),
		"no JSON object":                                       "[1]\n",
		"not valid JSON at /messages: invalid":                 `{"messages":NaN}` + "\n",
		"not valid JSON at /a: duplicate":                      `{"a":1,"a":2}` + "\n",
		"something behind the JSON object":                     `{"a":1} {}` + "\n",
		"a byte order mark":                                    "\ufeff{}\n",
		"not valid JSON at /a: invalid surr":                   `{"a":"\ud83d"}` + "\n",
		"not valid JSON at /a: invalid UTF-8":                  "{\"a\":\"\xff\"}\n",
		"the roles are wrong":                                  `{"problem":"the roles are wrong","skip":"yes"}` + "\n",
		"no messages":                                          row(),
		"message 0 has an unknown role":                        row(`{"Role":"narrator","Text":"x"}`, asks, says),
		"message 1 is an empty one":                            row(asks, `{"Role":"assistant","Text":" "}`),
		"message 2 comes before the result of":                 row(asks, calls, says),
		"message 2 is a result of a call \"2\"":                row(asks, calls, `{"Role":"tool","CallID":"2"}`, result, says),
		"message 3 has a call whose id \"1\"":                  row(asks, calls, result, calls, result, says),
		"message 1 has a call whose id \"\"":                   call(`{"Tool":"look","Arguments":{}}`),
		"with arguments that are no JSON":                      call(`{"ID":"1","Tool":"look","Arguments":"x"}`),
		"the last message is not the model's":                  row(asks, says, asks),
		"no user message":                                      row(says),
		"nothing is trained on":                                row(asks, `{"Role":"assistant","Text":"x","Masked":true}`),
		"a special token in message 0":                         row(`{"Role":"user","Text":"<|im_end|>"}`, says),
		"a special token in the arguments":                     call(`{"ID":"1","Tool":"look","Arguments":{"a":["<|im_end|>"]}}`),
		"which is not among the tools":                         withTools(`{"Name":"send","Schema":{"type":"object","properties":{}}}`),
		"the tool \"look\" has no schema":                      withTools(`{"Name":"look","Schema":{"type":"object"}}`),
		"a tool has no name":                                   withTools(`{"Name":"look","Schema":{"type":"object","properties":{}}},{"Schema":{}}`),
		"the better and the worse answer":                      `{"messages":[` + asks + "," + says + `],"rejected":` + says + "}\n",
		"the prompt of the pair does not end":                  `{"messages":[` + asks + "," + says + "," + says + `],"rejected":{"Role":"assistant","Text":"x"}}` + "\n",
		"a special token in the system prompt":                 `{"messages":[` + asks + "," + says + `],"system":"<|im_end|>"}` + "\n",
		"a special token in the thoughts of message 1":         row(asks, `{"Role":"assistant","Text":"x","Thinking":"<|im_end|>"}`),
		"a special token in the worse answer":                  `{"messages":[` + asks + "," + says + `],"rejected":{"Role":"assistant","Text":"<|im_end|>"}}` + "\n",
		"a special token in the arguments of the worse answer": `{"messages":[` + asks + "," + says + `],"rejected":{"Role":"assistant","Calls":[{"ID":"1","Tool":"look","Arguments":{"<|im_end|>":1}}]}}` + "\n",
		"the worse answer is empty":                            `{"messages":[` + asks + "," + says + `],"rejected":{"Role":"assistant"}}` + "\n",
	} {
		report := check(t, line, Settings{})
		require.Equal(t, 1, report.Rows)
		if want == "" {
			require.Empty(t, report.Problems)
			require.True(t, report.OK())
			continue
		}
		require.False(t, report.OK(), want)
		require.Equal(t, 1, report.Bad, want)
		require.Contains(t, strings.Join(slices.Collect(maps.Keys(report.Problems)), "\n"), want)
		require.Equal(t, 1, report.Findings[0].Line)
	}
}

func TestCallsOfAFormatWithoutResults(t *testing.T) {
	line := row(asks, calls, says, asks, says)
	require.False(t, check(t, line, Settings{}).OK())
	require.True(t, check(t, line, Settings{Bare: true}).OK())
}

func TestManyRowsOfDifferentLengths(t *testing.T) {
	var content strings.Builder
	for i := range 1000 {
		content.WriteString(row(`{"Role":"user","Text":"`+strings.Repeat("oak ", i%97)+`go"}`, says))
	}
	report := check(t, content.String(), Settings{})
	require.Equal(t, 1000, report.Rows)
	require.Empty(t, report.Problems)
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
	require.Contains(t, check(t, good("true")+good("true"), Settings{}).Problems, "every row has the same judgement: a trainer of judgements needs both")
	require.Contains(t, check(t, row(asks, says)+`{"messages":"x","skip":"yes"}`+"\n", Settings{}).Problems, `the column "messages" is a string here and a list before`)
	trace := `{"id":"1","source":"s","model":"m","system_prompt":"p","messages":[` + asks + "," + says + "]}\n"
	require.Contains(t, fmt.Sprint(check(t, trace, Settings{}).Problems), "take the file for an agent's trace")
}

func TestWarnings(t *testing.T) {
	warnings := func(content string) string { return fmt.Sprint(check(t, content, Settings{}).Warnings) }
	require.Contains(t, warnings(row(asks, says)+`{"messages":[`+asks+","+says+`],"system":"x"}`+"\n"), `the column "system" is not in the first row`)
	require.Contains(t, warnings(row(asks, calls, result, says)), "calls, but the row offers no tools")
	require.Contains(t, warnings(row(`{"Role":"user","Text":"see <image>"}`, says)), "<image> in a text")
	require.Contains(t, warnings(row(asks, `{"Role":"assistant","Calls":[{"ID":"1","Tool":"look","Arguments":{"a":null}}]}`)), "null in arguments")
	long := row(`{"Role":"user","Text":"`+strings.Repeat("oak ", 1<<20)+`"}`, says)
	require.Contains(t, warnings(long+long+long+row(asks, calls, result, says)), "a call comes first after")
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

	again := row(asks, says, `{"Role":"user","Text":"`+strings.Repeat("oak ", 200)+`"}`, says)
	require.Zero(t, check(t, again, Settings{Tokenizer: tokenizer, MaxLength: 100}).Lengths.Untrained)
	require.Equal(t, 1, check(t, again, Settings{Tokenizer: tokenizer, MaxLength: 100, LastOnly: true}).Lengths.Untrained)
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
