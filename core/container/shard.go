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
	name, ending := splitEnding(path)
	return fmt.Sprintf("%s-%05d-of-%05d%s", name, number, of, ending)
}

// Unsharded is the path of the file whose place a shard takes; one that is not named like a shard stays as it is.
func Unsharded(path string) string {
	name, ending := splitEnding(path)
	return name + ending
}

// shardMark is what tells shards apart in their names.
var shardMark = regexp.MustCompile(`-\d{5}-of-\d{5}$`)

// splitEnding takes the ending off a path, two where the last one is that of a compression, and the mark of a shard.
func splitEnding(path string) (name, ending string) {
	name, ending = cutEnding(path)
	if ending == ".gz" || ending == ".zst" {
		rest, inner := cutEnding(name)
		name, ending = rest, inner+ending
	}
	return strings.TrimSuffix(name, shardMark.FindString(name)), ending
}

func cutEnding(path string) (name, ending string) {
	ending = filepath.Ext(path)
	return strings.TrimSuffix(path, ending), ending
}
