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

type dedupOptions struct {
	Similarity float64 `option:"similarity" doc:"With 1, only equal examples count as the same. Below 1, so do examples that share about this part of their sequences of three words." default:"1" min:"0.5" max:"1"`
}

// dedup tells examples apart by what a trainer would see: the type, the words, the calls, the details. Case and spacing
// of words do not count, nor does the spacing of arguments. Ids, results, tags and provenance are left out: the same
// request with the same calls and the same answer teaches the same thing once.
type dedup struct {
	near *near // nil: only equal examples are the same
}

func newDedup(_ sdk.Setup, o dedupOptions) (sdk.Keyer, error) {
	if o.Similarity == 1 {
		return dedup{}, nil
	}
	return dedup{near: newNear(o.Similarity)}, nil
}

func (d dedup) Keys(ctx context.Context, e *sdk.Example) ([]string, error) {
	parts, err := d.seen(ctx, e)
	switch {
	case err != nil:
		return nil, err
	case d.near != nil:
		return d.near.keys(ctx, e.Type, parts)
	}
	hash := sha256.New()
	for _, part := range append([]string{string(e.Type)}, parts...) { // each after its length, so that no two lists are alike
		fmt.Fprintf(hash, "%d:", len(part))
		_, _ = io.WriteString(hash, part) // not copied, since texts may be many megabytes; a hash never fails
	}
	return []string{hex.EncodeToString(hash.Sum(nil)[:16])}, nil
}

// seen lists what a trainer would see of an example. For near it leaves out the context and masked messages: what
// successive turns share does not make them similar.
func (d dedup) seen(ctx context.Context, e *sdk.Example) ([]string, error) {
	var parts []string
	if d.near == nil {
		parts = []string{words(e.Context)}
	}
	for _, message := range e.Messages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if message.Role == sdk.RoleTool || d.near != nil && message.Masked {
			continue
		}
		parts = append(parts, said(string(message.Role), message.Text, message.Calls)...)
		if a := message.Rejected; a != nil { // the pair of both teaches more than the answer alone
			parts = append(parts, said("rejected", a.Text, a.Calls)...)
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
	return parts, nil
}

func said(by, text string, calls []sdk.Call) []string {
	parts := []string{by, words(text)}
	for _, call := range calls {
		parts = append(parts, call.FullName(), compact(call.Arguments))
	}
	return parts
}

// words returns a text in lower case with single blanks between its words.
func words(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// compact returns a JSON text without its spacing; any other text stays as it is.
func compact(arguments []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, arguments) != nil {
		return string(arguments)
	}
	return b.String()
}
