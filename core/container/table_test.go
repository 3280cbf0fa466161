package container_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata want")

// TestTables runs the cases in testdata. A case is an archive: its comment says what it shows; rows is what is written;
// want is the error, or else the schema of the table and the rows that come back.
func TestTables(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			require.Len(t, archive.Files, 2)
			got := tabulate(t, archive.Files[0].Data)
			if *update {
				archive.Files[1].Data = []byte(got)
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
			}
			require.Equal(t, string(archive.Files[1].Data), got)
		})
	}
}

func tabulate(t *testing.T, rows []byte) string {
	var file bytes.Buffer
	w := container.New(container.Parquet, &file)
	for row := range bytes.Lines(rows) {
		if err := w.Write(bytes.TrimSpace(row)); err != nil {
			return err.Error() + "\n"
		}
	}
	if err := w.Close(); err != nil {
		return err.Error() + "\n"
	}
	table, err := parquet.OpenFile(bytes.NewReader(file.Bytes()), int64(file.Len()))
	require.NoError(t, err)
	back, _, err := decode(t, "rows.parquet", file.Bytes())
	require.NoError(t, err)
	return fmt.Sprintf("%s\n%s\n", strings.TrimSuffix(table.Schema().String(), "\n"), strings.Join(back, "\n"))
}

// TestLateRows writes one more row after those that decide the columns.
func TestLateRows(t *testing.T) {
	first := fmt.Appendf(nil, `{"text":"%s","score":0.5,"n":1,"all":true,"tags":["a"],"turns":[{"from":"human","value":"v"}],"args":{"a":1}}`, strings.Repeat("x", 9<<20))
	hint := "; write .jsonl or .jsonl.zst, which take any row"
	for row, want := range map[string]string{
		`{"score":2,"args":"x","text":null,"tags":[],"turns":[{"value":"v","from":"gpt"}]}`: "",
		`{"n":-9223372036854775808}`: "",
		`{"text":1}`:                 `row 2: the column "text" holds strings, judging by the first rows, but this value does not fit: 1` + hint,
		`{"score":9007199254740993}`: `row 2: the column "score" holds numbers, judging by the first rows, but this value does not fit: 9007199254740993` + hint,
		`{"n":1.5}`:                  `row 2: the column "n" holds integers, judging by the first rows, but this value does not fit: 1.5` + hint,
		`{"n":9223372036854775808}`:  `row 2: the column "n" holds integers, judging by the first rows, but this value does not fit: 9223372036854775808` + hint,
		`{"all":"true"}`:             `row 2: the column "all" holds booleans, judging by the first rows, but this value does not fit: "true"` + hint,
		`{"tags":["a",null]}`:        `row 2: the column "tags" holds lists of strings, judging by the first rows, but this value does not fit: ["a",null]` + hint,
		`{"tags":"a"}`:               `row 2: the column "tags" holds lists of strings, judging by the first rows, but this value does not fit: "a"` + hint,
		`{"turns":[{"from":"gpt"}]}`: `row 2: the column "turns" holds lists of objects of {from: strings, value: strings}, judging by the first rows, but this value does not fit: [{"from":"gpt"}]` + hint,
		`{"turns":[{"from":"gpt","value":"v","weight":1}]}`: `row 2: the column "turns" holds lists of objects of {from: strings, value: strings}, judging by the first rows, but this value does not fit: [{"from":"gpt","value":"v","weight":1}]` + hint,
		`{"turns":["gpt"]}`: `row 2: the column "turns" holds lists of objects of {from: strings, value: strings}, judging by the first rows, but this value does not fit: ["gpt"]` + hint,
		`{"new":1}`:         `row 2: the column "new" is in none of the first rows, which decide the columns of a table` + hint,
		`{"n":1,"n":2}`:     `row 2: jsontext: duplicate object member name "n"`,
		`["a"]`:             `row 2: every row of a table must be a JSON object, not ["a"]`,
		`{"n":1} {}`:        `row 2: something follows the end of the JSON:  {}`,
		`{"n":1`:            `row 2: `,
		``:                  `row 2: every row of a table must be a JSON object, not `,
	} {
		w := container.New(container.Parquet, new(bytes.Buffer))
		require.NoError(t, w.Write(first))
		err := w.Write([]byte(row))
		if want == "" {
			require.NoError(t, err, row)
			require.NoError(t, w.Close())
			continue
		}
		require.ErrorContains(t, err, want, row)
	}
}

func TestRowGroups(t *testing.T) {
	row := fmt.Appendf(nil, `{"text":"%s"}`, strings.Repeat("0123456789abcdef", 1<<16))
	var file bytes.Buffer
	w := container.New(container.Parquet, &file)
	for range 70 {
		require.NoError(t, w.Write(row))
	}
	require.NoError(t, w.Close())
	table, err := parquet.OpenFile(bytes.NewReader(file.Bytes()), int64(file.Len()))
	require.NoError(t, err)
	require.Len(t, table.RowGroups(), 3)
	rows, numbers, err := decode(t, "rows.parquet", file.Bytes())
	require.NoError(t, err)
	require.Equal(t, 70, numbers[len(numbers)-1])
	require.True(t, rows[69] == string(row))
	require.Less(t, file.Len(), 8*len(row), "texts are only in the compressed pages")
}

// TestColumnsKeepEverything checks the law of tables: every value comes back as it was or as its JSON text, and all values
// of a column in the same one of these two ways.
func TestColumnsKeepEverything(t *testing.T) {
	for seed := range uint64(300) {
		r := newRandom(seed)
		columns := make([]func() string, 1+r.IntN(6))
		for i := range columns {
			columns[i] = valuesOf(r, r.IntN(13))
		}
		rows := make([][]byte, 1+r.IntN(40))
		for i := range rows {
			rows[i] = rowOf(r, columns)
		}
		if !bytes.Contains(bytes.Join(rows, nil), []byte(":")) {
			continue // no columns
		}
		file := encode(t, container.Parquet, rows...)
		require.Equal(t, file, encode(t, container.Parquet, rows...))
		back, _, err := decode(t, "rows.parquet", file)
		require.NoError(t, err)
		require.Len(t, back, len(rows))
		asText := map[string]bool{}
		for i, row := range rows {
			compare(t, string(row), back[i], asText)
		}
	}
}

func rowOf(r *rand.Rand, columns []func() string) []byte {
	row := []byte("{")
	for _, i := range r.Perm(len(columns)) {
		if r.IntN(8) == 0 {
			continue
		}
		if len(row) > 1 {
			row = append(row, ", "...)
		}
		row = fmt.Appendf(row, `"c,%d": %s`, i, columns[i]())
	}
	return append(row, '}')
}

// valuesOf returns a generator of JSON values of one of several classes.
func valuesOf(r *rand.Rand, class int) func() string {
	pick := func(values ...string) func() string { return func() string { return values[r.IntN(len(values))] } }
	strings := pick(`""`, `"a"`, `"ü\u0000\ud83d\ude00 \/"`, `"123"`, `"null"`, `"{\"x\":1}"`)
	switch class {
	case 0:
		return strings
	case 1:
		return pick("0", "-1", "9007199254740992", "7")
	case 2:
		return pick("1", "0.25", "1e300", "-2.5E-3", "1.0")
	case 3:
		return pick("9223372036854775807", "-9223372036854775808", "3")
	case 4:
		return pick("true", "false", "null")
	case 5:
		return func() string { return `[` + strings() + `,` + strings() + `]` }
	case 6:
		return func() string { return pick(`[]`, `[{"from":`+strings()+`,"value":`+strings()+`}]`)() }
	case 7:
		return func() string { return `{"value":` + strings() + `, "from":` + strings() + `}` }
	case 8:
		return pick(`{}`, `{"a":{"b":[1,2]}}`, `{"a":"b"}`, `{"b":1}`)
	case 9:
		return pick(`[{"role":"user","content":"x"}]`, `[{"role":"assistant","tool_calls":[{"id":"1"}]}, {"role":"tool","content":null}]`, `[]`)
	case 10:
		return pick(`[1,2.5]`, `[3]`, `[]`)
	case 11:
		return pick(`[1,"a"]`, `[[1]]`, `1`, `"1"`, `null`, `1.5`, `123456789012345678901234567890`, `1e999`)
	}
	return pick(`[{"label":true,"text":"a"},{"text":"b","label":false}]`, `[{"label":false,"text":""}]`, `null`)
}

func compare(t *testing.T, row, back string, asText map[string]bool) {
	var want, got map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(row), &want))
	require.NoError(t, json.Unmarshal([]byte(back), &got), back)
	for name, value := range want {
		if string(value) == "null" {
			require.NotContains(t, got, name)
			continue
		}
		require.Contains(t, got, name)
		encoded := !same(value, got[name])
		if encoded {
			var text string
			require.NoError(t, json.Unmarshal(got[name], &text), "%s came back as %s", value, got[name])
			require.Equal(t, string(value), text)
		}
		if known, ok := asText[name]; ok {
			require.Equal(t, known, encoded, "column %s mixes values and JSON text: %s\n%s", name, row, back)
		}
		asText[name] = encoded
		delete(got, name)
	}
	for name := range got {
		require.Contains(t, want, name)
	}
}

// same reports whether two values are the same JSON, numbers exactly.
func same(a, b json.RawMessage) bool { return reflect.DeepEqual(parse(a), parse(b)) }

func parse(value json.RawMessage) (v any) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return err.Error()
	}
	return exactly(v)
}

func exactly(v any) any {
	switch v := v.(type) {
	case json.Number:
		exact, _ := new(big.Rat).SetString(v.String())
		return exact // so that it equals no string
	case []any:
		for i := range v {
			v[i] = exactly(v[i])
		}
	}
	return v
}
