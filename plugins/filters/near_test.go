package filters

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// meet reports whether two examples share a key of dedup at a similarity.
func meet(t *testing.T, similarity float64, a, b sdk.Example) bool {
	keyer, err := newDedup(sdk.Setup{}, dedupOptions{Similarity: similarity})
	require.NoError(t, err)
	of := func(e sdk.Example) []string {
		keys, err := keyer.Keys(t.Context(), &e)
		require.NoError(t, err)
		require.NotEmpty(t, keys)
		return keys
	}
	other := of(b)
	return slices.ContainsFunc(of(a), func(key string) bool { return slices.Contains(other, key) })
}

func request(text string, calls ...sdk.Call) sdk.Example {
	return sdk.Example{Type: sdk.TypeDirectExecution, Messages: []sdk.Message{
		{Role: sdk.RoleUser, Text: text}, {Role: sdk.RoleAssistant, Calls: calls},
	}}
}

func send(command string) sdk.Call {
	return sdk.Call{Tool: "send_command", Arguments: fmt.Appendf(nil, `{"command": %q}`, command)}
}

func TestNear(t *testing.T) {
	const ask = "Walk to the bank east of the old mill, put all the iron ore into the chest there and then come back to the rocks by the river with an empty pack, unless someone is standing there already, in which case wait for a while and try again; "
	later := request(ask+"10 ore", send("BANK_DEPOSIT Iron_ore"))
	later.Messages = append([]sdk.Message{{Role: sdk.RoleUser, Text: "what is in the pack?", Masked: true}, {Role: sdk.RoleAssistant, Text: strings.Repeat("An earlier answer. ", 50), Masked: true}}, later.Messages...)
	chain := request(ask+"10 ore", send("BANK_DEPOSIT Iron_ore"))
	chain.Type = sdk.TypeMultiStep
	for _, test := range []struct {
		name string
		a, b sdk.Example
		want bool
	}{
		{"another number", request(ask+"10 ore", send("BANK_DEPOSIT Iron_ore")), request(ask+"12 ore", send("BANK_DEPOSIT Iron_ore")), true},
		{"case, marks and results", request(ask, send("A")), request(strings.ToUpper(ask)+"!!", send("a")), true},
		{"another request", request(ask, send("A")), request("Sell whatever ore is left to the general store and tell me what it paid for each piece of it in the end", send("A")), false},
		{"half of it", request(ask, send("A")), request(ask[:len(ask)/2], send("A")), false},
		{"earlier turns that are shown", request(ask+"10 ore", send("BANK_DEPOSIT Iron_ore")), later, true},
		{"another type", request(ask+"10 ore", send("BANK_DEPOSIT Iron_ore")), chain, false},
		{"two words", request("go on"), request("go on"), true},
		{"two other words", request("go on"), request("stop now"), false},
		{"nothing", request(""), request(""), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, meet(t, 0.8, test.a, test.b))
			require.False(t, test.name != "two words" && test.name != "nothing" && meet(t, 1, test.a, test.b), "they are not equal")
		})
	}
}

// As many pairs meet as the theory says: about two of three at the similarity, nearly all that are much more alike, hardly
// any that are much less.
func TestNearMeetsBySimilarity(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, similarity := range []float64{0.5, 0.7, 0.8, 0.9} {
		near := newNear(similarity)
		bands := len(near.seeds) / near.rows
		for _, have := range []float64{similarity - 0.3, similarity - 0.1, similarity, similarity + 0.08} {
			const pairs, size = 400, 300
			met := 0
			for range pairs {
				common := int(math.Round(size * have))
				own := (size - common) / 2
				words := make([]uint64, common+2*own)
				for i := range words {
					words[i] = random.Uint64()
				}
				a, err := near.least(t.Context(), slices.Values(words[:common+own]))
				require.NoError(t, err)
				b, err := near.least(t.Context(), slices.Values(slices.Concat(words[:common], words[common+own:])))
				require.NoError(t, err)
				if shareBand(near, a, b) {
					met++
				}
			}
			want := 1 - math.Pow(1-math.Pow(have, float64(near.rows)), float64(bands))
			require.InDelta(t, want, float64(met)/pairs, 0.1, "%v at %v", have, similarity)
		}
	}
}

// shareBand reports whether some band is the same in both.
func shareBand(n *near, a, b []uint64) bool {
	for at := 0; at < len(a); at += n.rows {
		if slices.Equal(a[at:at+n.rows], b[at:at+n.rows]) {
			return true
		}
	}
	return false
}
