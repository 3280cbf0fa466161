package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRejectsAreSaidByTheMostFrequentCauses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rejects.jsonl")
	var list string
	for i, cause := range []string{"once", `\"a\": no call`, "rare", "rare", `\"b\": no call`, "last", `\"c\": no call`, "rare too", "rare too"} {
		list += fmt.Sprintf(`{"source":"s","file":"f","line":%d,"cause":"%s"}`+"\n", i+1, cause)
	}
	require.NoError(t, os.WriteFile(path, []byte(list+"half a li"), 0o600))
	var got []string
	for _, alike := range frequentRejects(path) {
		got = append(got, fmt.Sprint(alike.count, " ", rejectLine(alike.first)))
	}
	require.Equal(t, []string{`3 s f:2: "a": no call`, "2 s f:3: rare", "2 s f:8: rare too"}, got)
	require.Empty(t, frequentRejects("nowhere"))
}
