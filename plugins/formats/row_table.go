package formats

import (
	"cmp"
	"context"
	"io/fs"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/tables"
)

// tableExtension is the extension of Parquet files.
const tableExtension = ".parquet"

func isTable(name string) bool { return extension(name) == tableExtension }

// readTable reads the rows of a table and hands them over one by one; their numbers stand for lines. As in rows on lines, a
// message has only members of its own, not those of other messages. Behind a fault nothing can be read, so the error is about
// the whole file.
func readTable(ctx context.Context, file sdk.File, take func(rowLine, []byte) error) error {
	opened, err := file.Open()
	if err != nil {
		return err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return err
	}
	for row, err := range tables.RowsWithoutNulls(opened, info.Size()) {
		if err != nil {
			return &fs.PathError{Op: "read", Path: file.Path, Err: err}
		}
		line := rowLine{number: row.Number, last: row.Number, size: len(row.Text)}
		if err := cmp.Or(ctx.Err(), take(line, row.Text)); err != nil {
			return err
		}
	}
	return nil
}
