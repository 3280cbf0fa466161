package container_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
)

// benchRows are rows as trainers read them, about as large and as alike as real ones.
func benchRows() (rows [][]byte, size int64) {
	r := newRandom(7)
	for range 3000 {
		row := fmt.Appendf(nil, `{"conversations":[`)
		for turn := range 2 + r.IntN(12) {
			if turn > 0 {
				row = append(row, ',')
			}
			row = fmt.Appendf(row, `{"from":%q,"value":%q}`, []string{"human", "gpt"}[turn%2], prose(r, 20+r.IntN(200)))
		}
		row = fmt.Appendf(row, `],"system":"You play a game.","tools":%q,"score":%.3f}`, `[{"name": "send_command"}]`, r.Float64())
		rows = append(rows, row)
		size += int64(len(row)) + 1
	}
	return rows, size
}

// BenchmarkWrite measures the kinds against plain lines, which come first. All write to a file.
func BenchmarkWrite(b *testing.B) {
	rows, size := benchRows()
	for _, kind := range kinds {
		b.Run(string(kind), func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				file, err := os.Create(filepath.Join(b.TempDir(), "rows"))
				require.NoError(b, err)
				w := container.New(kind, file)
				for _, row := range rows {
					require.NoError(b, w.Write(row))
				}
				require.NoError(b, w.Close())
				require.NoError(b, file.Close())
			}
		})
	}
}

// BenchmarkRead measures how fast rows come back, in bytes of plain lines.
func BenchmarkRead(b *testing.B) {
	rows, size := benchRows()
	for _, kind := range kinds {
		b.Run(string(kind), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "rows"+string(kind))
			require.NoError(b, os.WriteFile(path, encode(b, kind, rows...), 0o600))
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				count := 0
				for _, err := range container.Rows(path) {
					require.NoError(b, err)
					count++
				}
				require.Equal(b, len(rows), count)
			}
		})
	}
}
