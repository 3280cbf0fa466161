package filters

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func openSplit(t *testing.T, options splitOptions) sdk.Filter {
	t.Helper()
	filter, err := newSplit(sdk.Setup{}, options)
	require.NoError(t, err)
	return filter
}

func splitOf(t *testing.T, filter sdk.Filter, e *sdk.Example) string {
	t.Helper()
	verdict, err := filter.Apply(t.Context(), e)
	require.NoError(t, err)
	require.Equal(t, sdk.ActionAnnotate, verdict.Action)
	return verdict.Annotation.Split
}

func TestSplitMeetsItsShares(t *testing.T) {
	const sessions = 20_000
	counts := map[string]int{}
	filter, larger := openSplit(t, splitOptions{Eval: 0.05, Test: 0.1}), openSplit(t, splitOptions{Eval: 0.1})
	other, moved := openSplit(t, splitOptions{Eval: 0.05, Test: 0.1, Seed: "other"}), 0
	for i := range sessions {
		e := &sdk.Example{Provenance: sdk.Provenance{Session: fmt.Sprint(i)}}
		split := splitOf(t, filter, e)
		counts[split]++
		if split == sdk.SplitEval {
			require.Equal(t, sdk.SplitEval, splitOf(t, larger, e), "a larger share takes more and gives nothing back")
		}
		if splitOf(t, other, e) != split {
			moved++
		}
	}
	require.InDelta(t, 0.05*sessions, counts[sdk.SplitEval], 0.01*sessions)
	require.InDelta(t, 0.1*sessions, counts["test"], 0.01*sessions)
	require.Equal(t, sessions, counts[sdk.SplitTrain]+counts[sdk.SplitEval]+counts["test"])
	require.Greater(t, moved, sessions/10, "another seed chooses others")
}

// TestWhatBelongsTogetherIsNotParted: the members of a group share the first of the names that [split.together] looks at, and
// those after it do not count.
func TestWhatBelongsTogetherIsNotParted(t *testing.T) {
	for name, example := range map[string]func(group, member int) sdk.Example{
		"a conversation with its forks": func(group, member int) sdk.Example {
			return sdk.Example{
				ID: fmt.Sprint(group, member), Identity: sdk.Identity{Opening: fmt.Sprint(group, member), Conversation: fmt.Sprint(group)},
				Provenance: sdk.Provenance{Session: fmt.Sprint(group, member)},
			}
		},
		"a session": func(group, member int) sdk.Example {
			return sdk.Example{
				ID: fmt.Sprint(group, member), Identity: sdk.Identity{Opening: fmt.Sprint(group, member)},
				Provenance: sdk.Provenance{Session: fmt.Sprint(group)}, SourceFile: fmt.Sprint(group, member),
			}
		},
		"a request of a log without sessions": func(group, member int) sdk.Example {
			return sdk.Example{ID: fmt.Sprint(group, member), Identity: sdk.Identity{Opening: fmt.Sprint(group)}, SourceFile: "all"}
		},
		"a journal": func(group, member int) sdk.Example {
			return sdk.Example{ID: fmt.Sprint(group, member), SourceFile: fmt.Sprint(group)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			filter, seen := openSplit(t, splitOptions{Eval: 0.5}), map[string]bool{}
			for group := range 50 {
				first := example(group, 0)
				split := splitOf(t, filter, &first)
				seen[split] = true
				for member := range 5 {
					e := example(group, member)
					require.Equal(t, split, splitOf(t, filter, &e))
				}
			}
			require.Len(t, seen, 2)
		})
	}
	filter, seen := openSplit(t, splitOptions{Eval: 0.5, By: "example"}), map[string]bool{}
	for i := range 50 {
		seen[splitOf(t, filter, &sdk.Example{ID: fmt.Sprint(i), Provenance: sdk.Provenance{Session: "one"}})] = true
	}
	require.Len(t, seen, 2)
}
