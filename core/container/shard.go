package container

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// Shard returns the name of one of several files that take the place of the one at path, such as data-00000-of-00003.jsonl,
// which readers of datasets know. Numbers begin at 0.
func Shard(path string, number, of int) string {
	name, _, ending := parts(path)
	return fmt.Sprintf("%s-%05d-of-%05d%s", name, number, of, ending)
}

// Split returns the name of the file for a split of a dataset that is not trained on, beside the one at path for the rest:
// rows.jsonl has rows-eval.jsonl beside it, and train.jsonl, whose name says what it is, has eval.jsonl.
func Split(path, split string) string {
	name, mark, ending := parts(path)
	folder, name := filepath.Split(name)
	if name == "train" {
		return folder + split + mark + ending
	}
	return folder + name + "-" + split + mark + ending
}

// Unsharded returns the path of the file whose place a shard takes. A path that is not named like a shard stays as it is.
func Unsharded(path string) string {
	name, _, ending := parts(path)
	return name + ending
}

// shardMark matches what tells shards apart in their names.
var shardMark = regexp.MustCompile(`-\d{5}-of-\d{5}$`)

// parts splits a path into its name, the mark of a shard, and its ending, which has two parts if the file is compressed.
func parts(path string) (name, mark, ending string) {
	name, ending = cutEnding(path)
	switch strings.ToLower(ending) {
	case ".gz", ".zst":
		rest, inner := cutEnding(name)
		name, ending = rest, inner+ending
	}
	mark = shardMark.FindString(name)
	return strings.TrimSuffix(name, mark), mark, ending
}

func cutEnding(path string) (name, ending string) {
	ending = filepath.Ext(path)
	return strings.TrimSuffix(path, ending), ending
}
