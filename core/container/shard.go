package container

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// Shard names one of several files that take the place of one, as data-00000-of-00003.jsonl, which readers of datasets
// know. Numbers begin at 0.
func Shard(path string, number, of int) string {
	name, _, ending := parts(path)
	return fmt.Sprintf("%s-%05d-of-%05d%s", name, number, of, ending)
}

// Split names the file for a part of a dataset that is not trained on, beside the one at path for the others: rows.jsonl
// has rows-eval.jsonl beside it, and train.jsonl, whose name says what it is, has eval.jsonl.
func Split(path, split string) string {
	name, mark, ending := parts(path)
	folder, name := filepath.Split(name)
	if name == "train" {
		return folder + split + mark + ending
	}
	return folder + name + "-" + split + mark + ending
}

// Unsharded is the path of the file whose place a shard takes; one that is not named like a shard stays as it is.
func Unsharded(path string) string {
	name, _, ending := parts(path)
	return name + ending
}

// shardMark is what tells shards apart in their names.
var shardMark = regexp.MustCompile(`-\d{5}-of-\d{5}$`)

// parts takes the ending off a path, two where the last one is that of a compression, and the mark of a shard.
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
