package container_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
)

func TestNamesOfShards(t *testing.T) {
	for path, want := range map[string]string{
		"d.d/rows.jsonl":                    "d.d/rows-00001-of-00003.jsonl",
		"rows.jsonl.zst":                    "rows-00001-of-00003.jsonl.zst",
		"rows.jsonl.GZ":                     "rows-00001-of-00003.jsonl.GZ",
		"data/train-00000-of-00001.parquet": "data/train-00001-of-00003.parquet",
		"rows":                              "rows-00001-of-00003",
	} {
		require.Equal(t, want, container.Shard(path, 1, 3))
		require.Equal(t, container.Unsharded(path), container.Unsharded(want))
	}
}

func TestNamesOfSplits(t *testing.T) {
	for path, want := range map[string]string{
		"d.d/rows.jsonl":                    "d.d/rows-eval.jsonl",
		"rows.jsonl.zst":                    "rows-eval.jsonl.zst",
		"rows.JSONL.ZST":                    "rows-eval.JSONL.ZST",
		"data/train.jsonl":                  "data/eval.jsonl",
		"data/train-00000-of-00001.parquet": "data/eval-00000-of-00001.parquet",
		"rows":                              "rows-eval",
	} {
		require.Equal(t, filepath.FromSlash(want), container.Split(filepath.FromSlash(path), "eval"))
	}
}
