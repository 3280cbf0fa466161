package tables_test

import (
	"bytes"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk/tables"
)

// foreign holds tables written by pyarrow 26: nested ones and ones with rare types; with lists as old writers made them;
// with dictionaries, pages of version 2 and several row groups; and with times of all kinds. Their rows are what
// `datasets` writes.
var foreign = []string{"nested", "oldlists", "groups", "times", "oldtimes"}

// testdata reads a file in the folder testdata.
func testdata(t testing.TB, name string) []byte {
	file, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return file
}

func rowsOf(rows iter.Seq2[tables.Row, error]) (lines []string, err error) {
	for row, err := range rows {
		if err != nil {
			return lines, err
		}
		lines = append(lines, string(row.Text))
	}
	return lines, nil
}

// all returns the rows of a file.
func all(file []byte) ([]string, error) {
	return rowsOf(tables.Rows(bytes.NewReader(file), int64(len(file))))
}

func TestForeignTables(t *testing.T) {
	for _, name := range foreign {
		rows, err := all(testdata(t, name+".parquet"))
		require.NoError(t, err, name)
		require.Equal(t, string(testdata(t, name+".jsonl")), strings.Join(rows, "\n")+"\n", name)
	}
}

func TestSparse(t *testing.T) {
	file := testdata(t, "nested.parquet")
	rows, err := rowsOf(tables.RowsWithoutNulls(bytes.NewReader(file), int64(len(file))))
	require.NoError(t, err)
	require.Equal(t, []string{
		`{"messages":[{"role":"user","content":"Hi 👋"},{"role":"assistant","calls":[{"name":"go","args":[{"key":"x","value":1},{"key":"y","value":-2}]},{"name":"stop","args":[]}]}],` +
			`"deep":[[1,2],[],null],"u8":255,"u64":18446744073709551615,"f32":0.1,"f64":null,"bytes":"a�","large":"a","one":{"only":"x"},"ones":[{"only":"x"},null]}`,
		`{"messages":[],"deep":[[3]],"u8":0,"u64":0,"f32":1.0,"f64":1e+21,"bytes":"","large":"b","one":{},"ones":[]}`,
		`{"deep":[],"u64":1,"f64":-0.0,"bytes":"c"}`,
	}, rows)
}

func TestSomeTypesHaveNoJSON(t *testing.T) {
	_, err := all(testdata(t, "decimal.parquet"))
	require.ErrorContains(t, err, `its column "price" holds values of the type DECIMAL(10,2)`)
	require.ErrorContains(t, err, "make them strings or leave the column out")
}

func TestLZ4IsRefused(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, parquet.Write(&file, []struct{ Text string }{{"oak"}}, parquet.Compression(&parquet.Lz4Raw)))
	_, err := all(file.Bytes())
	require.EqualError(t, err, `its column "Text" is compressed with LZ4, which is not supported; write it with zstd or snappy`)
}

func TestRowsStop(t *testing.T) {
	file := testdata(t, "groups.parquet")
	for row, err := range tables.Rows(bytes.NewReader(file), int64(len(file))) {
		require.NoError(t, err)
		if row.Number == 9 { // in the second row group
			break
		}
	}
	require.PanicsWithValue(t, "mine", func() {
		for range tables.Rows(bytes.NewReader(file), int64(len(file))) {
			panic("mine")
		}
	}, "a panic of the caller is not the file's fault")
}

// TestDamaged cuts files off and changes some of their bytes.
func TestDamaged(t *testing.T) {
	for _, name := range foreign {
		file := testdata(t, name+".parquet")
		for end := range file {
			_, err := all(file[:end])
			require.ErrorContains(t, err, "it is not a complete .parquet file: ", "%s: %d of %d bytes", name, end, len(file))
			broken := bytes.Clone(file)
			broken[end] ^= 0x55
			_, _ = all(broken) // any result is fine but a panic
		}
	}
}

// TestAFooterIsNoLongerThanItsFile: as much memory as a broken file claims would be allocated.
func TestAFooterIsNoLongerThanItsFile(t *testing.T) {
	file := testdata(t, "nested.parquet")
	copy(file[len(file)-8:], "\xff\xff\xff\xff")
	_, err := all(file)
	require.EqualError(t, err, "it is not a complete .parquet file: it says that its footer is longer than the file")
}

func FuzzRows(f *testing.F) {
	for _, name := range foreign {
		f.Add(testdata(f, name+".parquet"))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		for row := range tables.Rows(bytes.NewReader(file), int64(len(file))) {
			if row.Number > 100_000 { // a few bytes can encode a billion nulls
				break
			}
		}
	})
}
