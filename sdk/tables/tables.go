// Package tables reads the rows of Parquet files as JSON.
//
// The files of the package:
//
//	tables  the rows of a file
//	node    the schema of a file
//	record  a row's values as JSON
//	times   values that are dates or times
package tables

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"
)

// A Row is one row of a file.
type Row struct {
	Number int    // from 1
	Text   []byte // a JSON object; only valid until the next row is read
}

// Rows iterates over the rows of a Parquet file. It keeps a page of each column in memory. An error ends the iteration.
//
// The members of a row are in the order of the columns. Members that are null are left out, but nulls within a member
// stay. Columns that hold JSON text give strings. Dates and times are milliseconds since 1970. A column whose values have
// no form in JSON, such as decimals, is an error.
func Rows(file io.ReaderAt, size int64) iter.Seq2[Row, error] { return rows(file, size, false) }

// RowsWithoutNulls does what [Rows] does, but also leaves out members that are null from objects within a row. In a
// Parquet file all objects of a column have the same members, and those that an object lacks are null.
func RowsWithoutNulls(file io.ReaderAt, size int64) iter.Seq2[Row, error] {
	return rows(file, size, true)
}

func rows(file io.ReaderAt, size int64, sparse bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := read(file, size, &record{sparse: sparse}, yield); err != nil {
			yield(Row{}, err)
		}
	}
}

// read yields the rows of a file. It returns nil if the caller stops the iteration.
func read(file io.ReaderAt, size int64, r *record, yield func(Row, error) bool) (err error) {
	stopped := false // a panic of the caller is not the fault of the file
	defer func() {
		if stopped {
			return
		}
		if fault := recover(); fault != nil {
			err = notWhole(fmt.Errorf("%v", fault))
		}
	}()
	guarded := func(row Row, err error) bool {
		stopped = true
		more := yield(row, err)
		stopped = false
		return more
	}
	if err := checkFooter(file, size); err != nil {
		return notWhole(err)
	}
	table, err := parquet.OpenFile(file, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return notWhole(err)
	}
	if table.NumRows() == 0 {
		return nil // then it may also have no columns
	}
	root, err := newNode(table.Root())
	if err != nil {
		return err
	}
	r.root, r.values = root, make([][]parquet.Value, root.last)
	return readGroups(table, r, guarded)
}

var errFooter = errors.New("it says that its footer is longer than the file")

// checkFooter checks the length of the file's footer, because memory of that size is allocated before the footer is read.
// The length is in the last eight bytes, before the format's magic number.
func checkFooter(file io.ReaderAt, size int64) error {
	var end [8]byte
	if size < int64(len(end)) {
		return io.ErrUnexpectedEOF
	}
	if _, err := file.ReadAt(end[:], size-int64(len(end))); err != nil && err != io.EOF {
		return err
	}
	if int64(binary.LittleEndian.Uint32(end[:])) > size-int64(len(end)) {
		return errFooter
	}
	return nil
}

// readGroups yields the rows of all row groups, numbered consecutively.
func readGroups(table *parquet.File, r *record, yield func(Row, error) bool) error {
	number := 0
	for _, group := range table.RowGroups() {
		more, err := readGroup(group, r, &number, yield)
		if err != nil {
			return notWhole(fmt.Errorf("after row %d: %w", number, err))
		}
		if !more {
			break
		}
	}
	return nil
}

// readGroup yields the rows of one row group. more is false if the caller stops before its end.
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

// notWhole returns the error for a file that is not a Parquet file or not a whole one.
func notWhole(err error) error { return fmt.Errorf("it is not a complete .parquet file: %w", err) }
