package container

import (
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"
)

// readTable yields the rows of a Parquet file.
func readTable(file *os.File, yield func(Row, error) bool) (err error) {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	stopped := false // the caller's own panics are not the file's fault
	defer func() {
		if stopped {
			return
		}
		if fault := recover(); fault != nil {
			err = notWhole(Parquet, fmt.Errorf("%v", fault))
		}
	}()
	guarded := func(row Row, err error) bool {
		stopped = true
		more := yield(row, err)
		stopped = false
		return more
	}
	table, err := parquet.OpenFile(file, info.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return notWhole(Parquet, err)
	}
	if table.NumRows() == 0 {
		return nil // it may have no columns either
	}
	root, err := newNode(table.Root())
	if err != nil {
		return err
	}
	return readGroups(table, &record{root: root, values: make([][]parquet.Value, root.last)}, guarded)
}

// readGroups yields the rows of all row groups, numbered through.
func readGroups(table *parquet.File, r *record, yield func(Row, error) bool) error {
	number := 0
	for _, group := range table.RowGroups() {
		more, err := readGroup(group, r, &number, yield)
		if err != nil {
			return notWhole(Parquet, fmt.Errorf("after row %d: %w", number, err))
		}
		if !more {
			break
		}
	}
	return nil
}

// readGroup yields the rows of one, unless the caller wants no more before its end.
func readGroup(group parquet.RowGroup, r *record, number *int, yield func(Row, error) bool) (more bool, err error) {
	rows := group.Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, 16)
	for {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			text, err := r.json(row)
			if err != nil {
				return false, err
			}
			*number++
			if !yield(Row{*number, text}, nil) {
				return false, nil
			}
		}
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}
