package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
)

func TestRejectsAreSaidByTheMostFrequentCauses(t *testing.T) {
	all := []record.Cause{
		{Source: "a", Cause: "often", Count: 3}, {Source: "a", Count: 9}, {Source: "a", Cause: "once", Count: 1},
		{Source: "b", Cause: "most often", Count: 5}, {Source: "b", Cause: "as often", Count: 3}, {Source: "b", Cause: "rare", Count: 2},
	}
	var got []string
	for _, cause := range frequentCauses(all) {
		got = append(got, cause.Cause)
	}
	require.Equal(t, []string{"most often", "often", "as often"}, got, "what is not told apart is more")
	got = nil
	for _, cause := range frequentCauses(append(all, record.Cause{Source: "c", Cause: "seldom", Count: 1}, record.Cause{Source: "d", Cause: "as seldom", Count: 1})) {
		got = append(got, cause.Cause)
	}
	require.Equal(t, []string{"most often", "often", "seldom", "as seldom"}, got, "each source has one")
	require.Empty(t, frequentCauses(nil))
}
