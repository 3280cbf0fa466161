package shape

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// offers decides by which names tools are called and which definitions go with an example.
type offers struct {
	complete    *sdk.Toolset
	tools       Tools
	distractors int // how many tools are offered at most beside the called ones
	names       ToolNames
	marks       SpecialTokens     // SpecialTokensKeep leaves control tokens in definitions, anything else breaks them
	tokenizer   *tokens.Tokenizer // nil: nothing is counted
	shared      map[string]bool   // bare names that tools of several servers have
	made        map[offerKey]offer
	cleaned     map[definitionKey]sdk.ToolDefinition
}

// mostOffers is how many offers are remembered at most, and how many definitions.
const mostOffers = 4096

// definitionKey identifies a definition by its set of tools and its name.
type definitionKey struct {
	from *sdk.Toolset
	name string
}

// offer is a set of tools that goes with examples.
type offer struct {
	set    *sdk.Toolset
	hash   string
	tokens int // of the definitions; 0 if nothing is counted
}

// offerKey identifies an offer by the tools that the log names, the names of the called tools, and the draw of distractors.
type offerKey struct {
	logged *sdk.Toolset
	called string
	draw   byte
}

// draws is how many choices of distractors there are for the same calls: enough that none of them gives the called tools
// away, and few enough that formats can remember every offer.
const draws = 16

func newOffers(complete *sdk.Toolset, options Options, tokenizer *tokens.Tokenizer) *offers {
	o := &offers{
		complete: complete, tools: options.Tools, distractors: options.Distractors, names: options.ToolNames, marks: options.SpecialTokens,
		tokenizer: tokenizer, shared: map[string]bool{}, made: map[offerKey]offer{}, cleaned: map[definitionKey]sdk.ToolDefinition{},
	}
	if complete == nil {
		return o
	}
	server := map[string]string{} // of each tool; a log that names no server means the only one
	for _, tool := range complete.Tools {
		if tool.Server == "" {
			continue
		}
		if other, known := server[tool.Name]; known && other != tool.Server {
			o.shared[tool.Name] = true
		}
		server[tool.Name] = tool.Server
	}
	return o
}

// offer gives the tools that an example calls their names, and returns the definitions that go with it.
func (o *offers) offer(e *sdk.Example, logged *sdk.Toolset) offer {
	called := o.rename(e, logged)
	if o.tools == ToolsNone {
		return offer{}
	}
	key := offerKey{logged: logged}
	if o.tools != ToolsLogged {
		key.called = strings.Join(called, "\n")
	}
	if o.distractors > 0 {
		key.draw = sha256.Sum256([]byte(e.ID))[0] % draws
	}
	made, known := o.made[key]
	if !known {
		if len(o.made) == mostOffers {
			clear(o.made)
		}
		made.set = logged
		if o.tools != ToolsLogged {
			made.set = o.definitions(called, key)
		}
		made.hash = made.set.Hash()
		if o.tokenizer != nil {
			made.tokens = counter{o.tokenizer}.definitions(made.set)
		}
		o.made[key] = made
	}
	return made
}

// rename gives the calls of an example their names and returns the names that they had, each once. It leaves out a tool that
// only a worse answer calls and that nothing defines: the model made it up.
func (o *offers) rename(e *sdk.Example, logged *sdk.Toolset) (called []string) {
	for m, worse := range messagesOf(e) {
		m.Calls = slices.Clone(m.Calls) // several examples may share them
		for i := range m.Calls {
			call := &m.Calls[i]
			full := call.FullName()
			if !slices.Contains(called, full) && (!worse || o.knows(full, logged)) {
				called = append(called, full)
			}
			call.Server = o.shownServer(call.Server, call.Tool)
		}
	}
	return called
}

// knows reports whether there is a tool of that name.
func (o *offers) knows(name string, logged *sdk.Toolset) bool {
	_, known := o.find(name, logged)
	return known
}

// find finds a tool's definition: the log's own, else the complete toolset's.
func (o *offers) find(name string, logged *sdk.Toolset) (sdk.ToolDefinition, bool) {
	if d, ok := o.definition(logged, name); ok {
		return d, true
	}
	return o.definition(o.complete, name)
}

// shownServer returns the server to show in a tool's name: none if the bare name is enough.
func (o *offers) shownServer(server, tool string) string {
	if o.names == ToolNamesFull || o.shared[tool] {
		return server
	}
	return ""
}

// definitions returns the definitions of the called tools and of those offered beside them, named as calls are; nil if there
// are none. They are sorted, so that they give away neither the order of the calls nor which tools are called.
func (o *offers) definitions(called []string, key offerKey) *sdk.Toolset {
	set := &sdk.Toolset{}
	for _, name := range called {
		server, tool := sdk.SplitName(name)
		definition, _ := o.find(name, key.logged)
		definition.Server, definition.Name = o.shownServer(server, tool), tool
		set.Tools = append(set.Tools, definition)
	}
	switch others := cmp.Or(key.logged, o.complete); {
	case o.tools == ToolsAll:
		set.Tools = append(set.Tools, o.others(set, others)...)
	case o.distractors > 0:
		drawn := draw(o.others(set, others), key)
		set.Tools = append(set.Tools, drawn[:min(o.distractors, len(drawn))]...)
	}
	slices.SortStableFunc(set.Tools, func(a, b sdk.ToolDefinition) int { return cmp.Compare(a.FullName(), b.FullName()) })
	set.Tools = slices.CompactFunc(set.Tools, func(a, b sdk.ToolDefinition) bool { return a.FullName() == b.FullName() })
	if len(set.Tools) == 0 {
		return nil
	}
	return set
}

// draw puts tools in an order that depends only on their names, the calls and the draw. An additional tool takes a place in
// it, and the order of the others stays.
func draw(tools []sdk.ToolDefinition, key offerKey) []sdk.ToolDefinition {
	places := make(map[string][sha256.Size]byte, len(tools))
	for _, tool := range tools {
		places[tool.FullName()] = sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s", key.draw, key.called, tool.FullName()))
	}
	slices.SortFunc(tools, func(a, b sdk.ToolDefinition) int {
		one, other := places[a.FullName()], places[b.FullName()]
		return bytes.Compare(one[:], other[:])
	})
	return tools
}

// definition finds a tool in a set and breaks the control tokens in its definition, since no example may be refused because
// of a definition. The result is remembered for all offers.
func (o *offers) definition(from *sdk.Toolset, name string) (d sdk.ToolDefinition, ok bool) {
	if o.marks == SpecialTokensKeep {
		return from.Definition(name)
	}
	key := definitionKey{from, name}
	if d, ok = o.cleaned[key]; ok {
		return d, true
	}
	if d, ok = from.Definition(name); !ok {
		return d, false
	}
	d.Description = broken(d.Description)
	d.Schema, _ = brokenArguments(d.Schema)
	if len(o.cleaned) == mostOffers {
		clear(o.cleaned)
	}
	o.cleaned[key] = d
	return d, true
}

// others returns the tools of all that are not among some, each once.
func (o *offers) others(some, all *sdk.Toolset) []sdk.ToolDefinition {
	if all == nil {
		return nil
	}
	both := &sdk.Toolset{Tools: slices.Clip(some.Tools)}
	for _, tool := range all.Tools {
		definition, _ := o.definition(all, tool.FullName())
		definition.Server = o.shownServer(definition.Server, definition.Name)
		if _, known := both.Definition(definition.FullName()); !known {
			both.Tools = append(both.Tools, definition)
		}
	}
	return both.Tools[len(some.Tools):]
}
