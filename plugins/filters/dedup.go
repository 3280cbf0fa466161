package filters

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// dedup tells examples apart by what a trainer would see: the type, the words, the calls, the details. Case and spacing
// of words do not count, nor does the spacing of arguments. Ids, results, tags and provenance are left out: the same
// request with the same calls and the same answer teaches the same thing once.
type dedup struct{}

func newDedup(sdk.Setup, struct{}) (sdk.Keyer, error) { return dedup{}, nil }

func (dedup) Keys(ctx context.Context, e *sdk.Example) ([]string, error) {
	parts := []string{string(e.Type), words(e.Context)}
	for _, message := range e.Messages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if message.Role == sdk.RoleTool {
			continue
		}
		parts = append(parts, string(message.Role), words(message.Text))
		for _, call := range message.Calls {
			parts = append(parts, call.FullName(), compact(call.Arguments))
		}
	}
	switch {
	case e.Chain != nil:
		parts = append(parts, words(e.Chain.Problem), words(e.Chain.RootCause), words(e.Chain.Reasoning), words(e.Chain.Solution))
	case e.Correction != nil:
		c := e.Correction
		parts = append(parts, words(c.BadCode), words(c.BadReason), words(c.GoodCode), words(c.GoodReason))
	case e.Negative != nil:
		parts = append(parts, words(e.Negative.Pattern), words(e.Negative.Reason))
	}
	hash := sha256.New()
	for _, part := range parts { // each with its length before it, so that no two lists are alike; texts may be many megabytes
		fmt.Fprintf(hash, "%d:", len(part))
		_, _ = io.WriteString(hash, part) // a hash takes everything
	}
	return []string{hex.EncodeToString(hash.Sum(nil)[:16])}, nil
}

// words is a text less its case and spacing.
func words(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// compact is a JSON text less its spacing.
func compact(arguments []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, arguments) != nil {
		return string(arguments)
	}
	return b.String()
}
