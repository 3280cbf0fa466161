package container_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
)

func TestNamesOfShards(t *testing.T) {
	for path, want := range map[string]string{
		"d.d/rows.jsonl":                    "d.d/rows-00001-of-00003.jsonl",
		"rows.jsonl.zst":                    "rows-00001-of-00003.jsonl.zst",
		"data/train-00000-of-00001.parquet": "data/train-00001-of-00003.parquet",
		"rows":                              "rows-00001-of-00003",
	} {
		require.Equal(t, want, container.Shard(path, 1, 3))
		require.Equal(t, container.Unsharded(path), container.Unsharded(want))
	}
}
