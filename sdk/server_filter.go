package sdk

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func (s *service) Apply(stream grpc.BidiStreamingServer[ftprepv1.ApplyRequest, ftprepv1.ApplyResponse]) error {
	defer s.work.begin()()
	var chain []Filter
	strict := false
	sets := answeredToolsets{names: map[string]string{}}
	request := func() proto.Message { return &ftprepv1.ApplyRequest{} }
	return frames(stream, request, func(next received, alive func()) (any, error) {
		asked := next.request.(*ftprepv1.ApplyRequest)
		strict = strict || asked.Strict
		for _, handle := range asked.Handles {
			filter, _, err := step[Filter](s, handle)
			if err != nil {
				return nil, err
			}
			if strict {
				filter = strictly{filter}
			}
			chain = append(chain, filter)
		}
		if !next.framed { // the opening message
			return nil, nil
		}
		sets.addReceived(next.toolsets)
		answer := &verdicts{list: make([]*ftprepv1.Verdict, len(next.examples))}
		for i, example := range next.examples {
			verdict, err := judge(stream.Context(), chain, &sets, example)
			if err != nil {
				return nil, err
			}
			answer.list[i] = verdict
			alive()
		}
		answer.toolsets = sets.due
		return answer, nil
	})
}

// strictly wraps a filter that must not change an example without saying so. Such a change is lost, or reaches only the
// filters after it in the same plugin.
type strictly struct{ Filter }

func (s strictly) Apply(ctx context.Context, example *Example) (Verdict, error) {
	before := NewItem(example).Example
	verdict, err := s.Filter.Apply(ctx, example)
	if err == nil && verdict.Action != ActionReplace && !bytes.Equal(before, NewItem(example).Example) {
		err = fmt.Errorf("the filter changed it but answered %s, so the change is lost: return sdk.Annotate to add something, or "+
			"sdk.Replace(example) to change something", verdict.Action)
	}
	return verdict, err
}

// A trial is one example on its way through neighbouring filters.
type trial struct {
	chain      []Filter
	verdict    ftprepv1.Verdict
	annotation Example // what is added to the example; used only if nothing replaces it
	replaced   bool
	named      map[string]bool // the ids that were given to replacing examples
	survivors  []*Example
}

// judge runs one example through the chain. The verdict is nil if the example stays as it is.
func judge(ctx context.Context, chain []Filter, sets *answeredToolsets, example *Example) (_ *ftprepv1.Verdict, err error) {
	defer recoveredAt(example.ID, &err)
	if err := ctx.Err(); err != nil { // the host does not want the rest of the frame
		return nil, err
	}
	t := &trial{chain: chain}
	if err := t.run(ctx, 0, example); err != nil {
		return nil, err
	}
	switch {
	case len(t.survivors) == 0:
		t.verdict.Dropped = true
	case t.replaced:
		t.replace(sets)
	case len(t.verdict.Decisions) > 0:
		t.annotate()
	default:
		return nil, nil
	}
	return &t.verdict, nil
}

func (t *trial) run(ctx context.Context, from int, example *Example) error {
	for i := from; i < len(t.chain); i++ {
		verdict, err := t.chain[i].Apply(ctx, example)
		if err != nil {
			return fmt.Errorf("example %s: %w", example.ID, err)
		}
		if verdict.Action != ActionKeep {
			t.verdict.Decisions = append(t.verdict.Decisions, &ftprepv1.Decision{
				Filter: int32(i), Action: string(verdict.Action), Reason: validText(verdict.Reason), Evidence: validText(verdict.Evidence),
				Found: mapped(verdict.Found, foundToWire), Score: verdict.Annotation.Quality,
			})
		}
		if err := verdict.check(); err != nil {
			return fmt.Errorf("example %s: %w", example.ID, err)
		}
		switch verdict.Action {
		case ActionKeep:
		case ActionDrop:
			return nil
		case ActionAnnotate:
			example.add(verdict.Annotation)
			t.annotation.add(verdict.Annotation)
		case ActionReplace:
			return t.split(ctx, i+1, example, verdict.Examples)
		}
	}
	t.survivors = append(t.survivors, example)
	return nil
}

func foundToWire(f Found) *ftprepv1.Found {
	return &ftprepv1.Found{Kind: validText(f.Kind), Rule: validText(f.Rule), Place: validText(f.Place), Count: int32(f.Count)}
}

// split sends the examples that replace an example on through the rest of the chain.
func (t *trial) split(ctx context.Context, from int, original *Example, examples []*Example) error {
	t.replaced = true
	id := original.ID // the original may be among the examples
	before, idTaken := *original, false
	for _, example := range examples {
		if example.ID == id && idTaken { // the example that keeps the id comes before it; both may even be the same pointer
			example = example.clone()
			example.ID = ""
		}
		if example != original {
			example.inherit(&before)
		}
		if example.Type == "" {
			example.Type = example.deriveType()
		}
		if example.ID == id {
			idTaken = true
		} else {
			t.name(example, id)
		}
		if err := example.Check(); err != nil {
			return fmt.Errorf("example %s: a filter replaced it with an invalid example: %w", id, err)
		}
		if err := t.run(ctx, from, example); err != nil {
			return err
		}
	}
	return nil
}

// name gives an example that replaces another an id of its own, and the other as its parent.
func (t *trial) name(example *Example, parent string) {
	example.ID = ""
	example.complete()
	for n := 2; example.ID == parent || t.named[example.ID]; n++ {
		example.ID = hash(example.ID, fmt.Sprint(n))
	}
	if t.named == nil {
		t.named = map[string]bool{}
	}
	t.named[example.ID] = true
	example.Provenance.Parent = parent
}

func (t *trial) replace(sets *answeredToolsets) {
	for _, example := range t.survivors {
		example.cleanText()
		item := NewItem(example)
		if name := sets.name(item.Toolset, example.Toolset); name != item.Toolset {
			item.nameToolset(name)
		}
		t.verdict.Items = append(t.verdict.Items, itemToWire(item))
	}
}

func (t *trial) annotate() {
	a := &t.annotation
	a.cleanText()
	t.verdict.Annotation, t.verdict.Score, t.verdict.Split = a.appendTo(nil), a.Quality, a.Split
}

func (s *service) Keys(stream grpc.BidiStreamingServer[ftprepv1.KeysRequest, ftprepv1.KeysResponse]) error {
	defer s.work.begin()()
	var keyer Keyer
	request := func() proto.Message { return &ftprepv1.KeysRequest{} }
	return frames(stream, request, func(next received, alive func()) (_ any, err error) {
		if handle := next.request.(*ftprepv1.KeysRequest).Handle; handle != "" {
			if keyer, _, err = step[Keyer](s, handle); err != nil {
				return nil, err
			}
		}
		if !next.framed {
			return nil, nil
		}
		response := &ftprepv1.KeysResponse{}
		for _, example := range next.examples {
			if err := stream.Context().Err(); err != nil {
				return nil, err
			}
			keys, err := keysOf(stream.Context(), keyer, example)
			if err != nil {
				return nil, err
			}
			response.Items = append(response.Items, &ftprepv1.ItemKeys{Keys: keys})
			alive()
		}
		return response, nil
	})
}

func keysOf(ctx context.Context, keyer Keyer, example *Example) (_ []string, err error) {
	defer recoveredAt(example.ID, &err)
	keys, err := keyer.Keys(ctx, example)
	if err != nil {
		return nil, fmt.Errorf("example %s: %w", example.ID, err)
	}
	return textKeys(keys), nil
}

// textKeys returns a copy of keys. A key that is not UTF-8, such as the bytes of a hash, is written in hexadecimal:
// replacing its bad bytes, as is done in other texts, could make different keys equal.
func textKeys(keys []string) []string {
	texts := slices.Clone(keys)
	for i, key := range texts {
		if !utf8.ValidString(key) {
			texts[i] = hex.EncodeToString([]byte(key))
		}
	}
	return texts
}
