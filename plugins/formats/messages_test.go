package formats

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// openFormat opens a format of the plugin by its type.
func openFormat(t testing.TB, typ, options string) sdk.Format {
	return openNamed(t, typ, "out.jsonl", options)
}

// offered are tools as the host offers them, one without a description and a schema.
var offered = []*sdk.Toolset{nil, {Tools: []sdk.ToolDefinition{
	{Server: "game", Name: "tool", Description: "Sends \"x\".\n", Schema: json.RawMessage(`{"type":"object","properties":{"b":{"type":"string"},"a":{"default":1.0}}}`)},
	{Name: "tool"},
	{Name: "half", Schema: json.RawMessage(` {"required":["x"], "properties":{"x":{}}} `)},
}}}

// line is text with something in it.
func (g generator) line() string {
	return g.pick("kill frogs", "über \u2028 🐸 <b>&\"\\", "half \xff\xf0", "a\x00\x1b[0m\tb", "```go\nx()\n```", " ends with a line\n", "\n\nbegins", "1", "null")
}

// shaped makes an example as the host hands it to a format: answered calls, no empty message, the model's at the end.
func (g generator) shaped(number int, holds sdk.Holds) *sdk.Example {
	e := &sdk.Example{ID: fmt.Sprint(number), Type: sdk.TypeDirectExecution, System: g.pick("", "You play.\n"), Toolset: offered[g.IntN(2)]}
	e.Source, e.Provenance.Session, e.Provenance.ProducerVersion = "bot", "s", "1.0"
	for range 1 + g.IntN(2) {
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: g.line()})
		for range g.IntN(3) {
			e.Messages = append(e.Messages, g.acted(len(e.Messages), holds, 1+g.IntN(3))...)
		}
		if n := len(e.Messages); e.Messages[n-1].Role != sdk.RoleAssistant {
			e.Messages = append(e.Messages, g.said(holds))
		}
	}
	if g.IntN(3) == 0 && len(e.Messages) > 0 { // a call at the end that nothing answers
		last := &e.Messages[len(e.Messages)-1]
		last.Calls = g.acted(999, holds, 1+g.IntN(2))[0].Calls
	}
	switch last := len(e.Messages) - 1; {
	case holds.Preferences:
		worse := g.said(holds)
		worse.Text = "worse " + worse.Text
		if g.IntN(2) == 0 {
			worse.Calls = g.acted(1000, holds, 1)[0].Calls
		}
		e.Rejected, e.Messages[last].Masked = &worse, false
	case holds.Judgements:
		good := g.IntN(2) == 0
		e.Good = &good
	}
	return e
}

func (g generator) said(holds sdk.Holds) sdk.Message {
	m := sdk.Message{Role: sdk.RoleAssistant, Text: g.line(), Masked: holds.Masks && g.IntN(3) == 0}
	if holds.Thinking {
		m.Thinking = g.pick("", "Look first.", "a\n\nb")
	}
	return m
}

// acted makes a message with calls, and their results.
func (g generator) acted(number int, holds sdk.Holds, calls int) []sdk.Message {
	m := g.said(holds)
	if g.IntN(2) == 0 {
		m.Text = ""
	}
	messages := []sdk.Message{m}
	for i := range calls {
		id := fmt.Sprintf("call_%d_%d", number, i)
		messages[0].Calls = append(messages[0].Calls, sdk.Call{ID: id, Server: g.pick("", "game"), Tool: "tool", Arguments: g.arguments()})
		messages = append(messages, sdk.Message{Role: sdk.RoleTool, CallID: id, Text: g.pick("", g.line()), IsError: g.IntN(5) == 0})
	}
	return messages
}

// conversational are the formats that hold messages with calls and results.
var conversational = []struct {
	typ, options string
	ids, errors  bool // whether ids of calls and the failure of results come back
	narration    bool // whether text beside calls comes back
}{
	{"openai", `{}`, true, false, true},
	{"openai", `{"shape":"preference"}`, true, false, true},
	{"trl", `{}`, true, false, true},
	{"trl", `{"shape":"prompt_completion"}`, true, false, true},
	{"trl", `{"shape":"preference"}`, true, false, true},
	{"trl", `{"shape":"kto"}`, true, false, true},
	{"mistral", `{}`, false, false, false},
	{"mistral", `{"narration":"refuse"}`, false, false, true},
	{"swift", `{}`, false, false, true},
	{"atif", `{}`, true, true, true},
	{"axolotl", `{"shape":"chat"}`, true, false, true},
}

func openConversational(t testing.TB, typ, options string) (sdk.Format, sdk.Holds) {
	format := openFormat(t, typ, options)
	if holder, ok := format.(sdk.Holder); ok {
		return format, holder.Holds()
	}
	i := slices.IndexFunc(Plugin.Steps, func(s sdk.Step) bool { return s.Type == typ && s.Kind == sdk.KindFormat })
	return format, Plugin.Steps[i].Holds
}

// TestRoundTrip is the law that a row of a conversational format gives back the calls, the results and the texts, and
// that its own format finds nothing wrong with it.
func TestRoundTrip(t *testing.T) {
	for _, c := range conversational {
		t.Run(c.typ+c.options, func(t *testing.T) {
			format, holds := openConversational(t, c.typ, c.options)
			g := generator{rand.New(rand.NewPCG(7, 8))}
			accepted := 0
			for i := range 500 {
				e := g.shaped(i, holds)
				rows, err := format.Encode(t.Context(), e)
				if err != nil {
					require.ErrorContains(t, err, "refused: ")
					continue
				}
				accepted++
				require.Len(t, rows, 1)
				row := jsontext.Value(rows[0])
				require.True(t, row.IsValid(), "valid UTF-8, no key twice: %s", row)
				require.NotContains(t, string(row), "\n")
				decoded, problems := format.(sdk.Decoder).Decode(row)
				require.Empty(t, problems, "%s", row)
				require.Equal(t, said(t, e, c.ids, c.errors, c.narration), said(t, decoded, c.ids, c.errors, c.narration), "%s", row)
			}
			require.Greater(t, accepted, 60)
		})
	}
}

// said writes what an example says as a text that can be compared.
func said(t *testing.T, e *sdk.Example, ids, errors, narration bool) string {
	var b strings.Builder
	places := map[string]int{}
	write := func(m sdk.Message) {
		if !narration && len(m.Calls) > 0 {
			m.Text = ""
		}
		fmt.Fprintf(&b, "%s %v: %q think %q", m.Role, m.Masked, clean(m.Text), clean(m.Thinking))
		for _, call := range m.Calls {
			places[call.ID] = len(places)
			arguments, err := appendJSON(nil, call.Arguments)
			require.NoError(t, err)
			fmt.Fprintf(&b, "\n  %d %s %s", places[call.ID], call.FullName(), arguments)
			if ids {
				fmt.Fprintf(&b, " %s", call.ID)
			}
		}
		if m.Role == sdk.RoleTool {
			fmt.Fprintf(&b, " answers %d error %v", places[m.CallID], m.IsError && errors)
		}
		b.WriteByte('\n')
	}
	write(sdk.Message{Role: sdk.RoleSystem, Text: e.System})
	for _, m := range e.Messages {
		write(m)
	}
	if e.Rejected != nil {
		write(*e.Rejected)
	}
	if e.Good != nil {
		fmt.Fprintln(&b, "good", *e.Good)
	}
	if e.Toolset != nil {
		for _, d := range e.Toolset.Tools {
			schema, err := appendJSON(nil, d.Parameters())
			require.NoError(t, err)
			fmt.Fprintf(&b, "tool %s %q %s\n", d.FullName(), d.Description, schema)
		}
	}
	return b.String()
}

// clean returns a text as JSON holds it.
func clean(text string) string {
	quoted, _ := jsontext.AppendQuote(nil, text)
	plain, _ := jsontext.AppendUnquote(nil, quoted)
	return string(plain)
}

// The formats refuse what is no conversation, instead of writing a row that teaches nonsense.
func TestRefusesWhatIsNoConversation(t *testing.T) {
	user, answer := sdk.Message{Role: sdk.RoleUser, Text: "go"}, sdk.Message{Role: sdk.RoleAssistant, Text: "went"}
	for _, c := range conversational {
		format, _ := openConversational(t, c.typ, c.options)
		for want, messages := range map[string][]sdk.Message{
			"not a conversation that ends with a message of the model": {user, answer, user},
			"a message with an unknown role":                           {user, {Role: "narrator", Text: "Once"}, answer},
		} {
			_, err := format.Encode(t.Context(), &sdk.Example{Messages: messages})
			require.ErrorContains(t, err, "refused: "+want, c.typ)
		}
		_, err := format.Encode(t.Context(), &sdk.Example{Messages: []sdk.Message{user}})
		require.Equal(t, errTalk, err, c.typ)
	}
}

func TestNamesThatTheAPIsTake(t *testing.T) {
	for name, taken := range map[string]bool{
		"azAZ09_-": true, strings.Repeat("a", 64): true,
		"": false, strings.Repeat("a", 65): false, "get logs": false, "a.b": false, "a/b": false, "a:b": false, "a@b": false, "a[b": false, "a`b": false, "a{b": false, "ä": false,
	} {
		call := sdk.Call{ID: "1", Tool: name, Arguments: json.RawMessage(`{}`)}
		talk := func(calls ...sdk.Call) []sdk.Message {
			return []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "went"}, {Role: sdk.RoleUser, Text: "on"}, {Role: sdk.RoleAssistant, Calls: calls}}
		}
		for place, e := range map[string]*sdk.Example{
			"called":  {Messages: talk(call)},
			"offered": {Messages: talk(), Toolset: &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look"}, {Name: name}}}},
		} {
			for _, typ := range []string{"openai", "mistral"} {
				_, err := openFormat(t, typ, `{}`).Encode(t.Context(), e)
				if taken {
					require.NoError(t, err, "%s %q", place, name)
				} else {
					require.Equal(t, errName, err, "%s %q", place, name)
				}
			}
		}
	}
}

// TestWhatIsNoJSONIsNoRow: no format writes a row that nobody can read.
func TestWhatIsNoJSONIsNoRow(t *testing.T) {
	talk := func(arguments string) []sdk.Message {
		return []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "look", Arguments: json.RawMessage(arguments)}}}}
	}
	good := true
	for _, v := range variants {
		if v.options == `{"shape":"alpaca"}` || v.options == `{"shape":"preference"}` && v.typ == "openai" { // no calls
			continue
		}
		encode := func(e *sdk.Example) error {
			e.Rejected, e.Good = &sdk.Message{Role: sdk.RoleAssistant, Text: "no"}, &good
			_, err := openFormat(t, v.typ, v.options).Encode(t.Context(), e)
			return err
		}
		require.NoError(t, encode(&sdk.Example{Messages: talk(`{}`)}), "%s %s", v.typ, v.options)
		require.Error(t, encode(&sdk.Example{Messages: talk(`{"a":`)}), "%s %s", v.typ, v.options)
	}
	tools := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Schema: json.RawMessage(`{"a":}`)}}}
	for _, c := range conversational {
		_, err := openFormat(t, c.typ, c.options).Encode(t.Context(), &sdk.Example{
			Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "gone"}}, Toolset: tools,
			Rejected: &sdk.Message{Role: sdk.RoleAssistant, Text: "no"}, Good: &good,
		})
		require.Error(t, err, "%s %s", c.typ, c.options)
	}
}

func TestNoToolsAreNoList(t *testing.T) {
	row := encodeRow(t, openFormat(t, "openai", `{}`), &sdk.Example{Toolset: &sdk.Toolset{}, Messages: []sdk.Message{
		{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "gone"}}})
	require.NotContains(t, string(row), "tools")
}
