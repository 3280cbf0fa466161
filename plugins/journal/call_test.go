package journal

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

var tools = newToolbox(&sdk.Toolset{Tools: []sdk.ToolDefinition{
	{Server: "game", Name: "send", Schema: []byte(`{"properties":{"command":{},"account":{}},"required":["command"]}`)},
	{Name: "get_state", Schema: []byte(`{"properties":{"fields":{}}}`)},
	{Name: "broken", Schema: []byte(`{`)},
}})

func TestParseCall(t *testing.T) {
	for code, want := range map[string]string{
		`send("GOTO 1 2")`:                                    `{"command": "GOTO 1 2"}`,
		`send('it\'s', account="a")`:                          `{"command": "it's", "account": "a"}`,
		`x = send(command="a" "b")`:                           `{"command": "ab"}`,
		`await mcp__game__send(account=None, command="a<b&")`: `{"account": null, "command": "a<b&"}`,
		`send({"command": "a", "n": [1.50, -2, 1e5]})`:        `{"command": "a", "n": [1.50, -2, 1e5]}`,
		`send({command: 'a'});`:                               `{"command": "a"}`,
		"send(\n    command=\"a\",  # why\n)":                 `{"command": "a"}`,
		`get_state()`:                                         `{}`,
		`get_state`:                                           `{}`,
		`get_state(fields=("a", True,), n=1_000)`:             `{"fields": ["a", true], "n": 1000}`,
		`get_state(n=0x1F, m=.5, k=007.0)`:                    ``,
		`unknown_tool(a=1)`:                                   `{"a": 1}`,
		`get_state({"fields": 12345678901234567890})`:         `{"fields": 12345678901234567890}`,
		`get_state(fields="""x""")`:                           `{"fields": "x"}`,
		"get_state(fields=\"\"\"a \"b\"\nc\"\"\")":            `{"fields": "a \"b\"\nc"}`,
		`get_state(fields="\u00e9\x41\n")`:                    `{"fields": "éA\n"}`,
	} {
		t.Run(code, func(t *testing.T) {
			call, err := tools.parse(code)
			if want == "" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, want, string(call.Arguments))
		})
	}
}

func TestRefuseCall(t *testing.T) {
	for code, want := range map[string]string{
		`unknown_tool(1)`:        "argument 1 of unknown_tool has no name, and no tools block declares one",
		`broken(1)`:              "argument 1 of broken has no name, and no tools block declares one",
		`send("a", "b", "c")`:    "argument 3 of send has no name, and no tools block declares one",
		`send()`:                 "the call of send lacks the required argument command",
		`send("a", command="b")`: "argument command of send is given twice",
		`send(command=x)`:        "an argument is not a literal value",
		`send(f"GOTO {x}")`:      "an argument is not a literal value",
		`send("GOTO <x>")`:       "an argument is a placeholder",
		`send("GOTO ...")`:       "an argument is a placeholder",
		`send("a") + 1`:          "not a tool call",
		`ls -la (all)`:           "not a tool call",
		`game.send("a")`:         "not a tool call",
		`send`:                   "not a tool call",
	} {
		t.Run(code, func(t *testing.T) {
			_, err := tools.parse(code)
			require.EqualError(t, err, want)
		})
	}
}

func TestLiteralsDoNotNestWithoutEnd(t *testing.T) {
	for open, end := range map[string]string{"[": "]", "(": ")", "{a: ": "}"} {
		deep := strings.Repeat(open, maxNesting) + "1" + strings.Repeat(end, maxNesting)
		_, err := tools.parse("get_state(fields=" + deep + ")")
		require.NoError(t, err)
		for _, deeper := range []string{open + deep + end, strings.Repeat(open, 16<<20/len(open))} {
			_, err = tools.parse("get_state(fields=" + deeper + ")")
			require.ErrorIs(t, err, errNotLiteral)
			_, err = tools.jsonCalls(deeper)
			require.ErrorIs(t, err, errNoCall)
		}
	}
}

// shops holds two servers that have tools with the same name.
var shops = &sdk.Toolset{Tools: []sdk.ToolDefinition{
	{Server: "mall", Name: "buy_item", Schema: []byte(`{"properties":{"item":{}}}`)},
	{Server: "kiosk", Name: "buy_item", Schema: []byte(`{"properties":{"goods":{}}}`)},
	{Server: "kiosk", Name: "close_shop", Schema: []byte(`{"properties":{"hours":{}}}`)},
}}

func TestToolsOfOneNameOnTwoServers(t *testing.T) {
	box := newToolbox(shops)
	for code, want := range map[string]string{
		`mcp__mall__buy_item("milk")`:  `mcp__mall__buy_item {"item": "milk"}`,
		`mcp__kiosk__buy_item("milk")`: `mcp__kiosk__buy_item {"goods": "milk"}`,
		`close_shop(2)`:                `mcp__kiosk__close_shop {"hours": 2}`,
	} {
		call, err := box.parse(code)
		require.NoError(t, err)
		require.Equal(t, want, call.FullName()+" "+string(call.Arguments))
	}
	_, err := box.parse(`mcp__mall__close_shop(2)`)
	require.EqualError(t, err, "argument 1 of close_shop has no name, and no tools block declares one")
	const cause = "more than one server has this tool: write mcp__mall__buy_item or mcp__kiosk__buy_item"
	for _, code := range []string{`buy_item("milk")`, `buy_item(item="milk")`, `buy_item({"item": "milk"})`, `buy_item`} {
		_, err = box.parse(code)
		require.EqualError(t, err, cause, code)
	}
	_, err = box.jsonCalls(`{"tool": "buy_item", "arguments": {"item": "milk"}}`)
	require.EqualError(t, err, cause)
}

func TestACallOfNobodyKnowsWhichServerIsRejected(t *testing.T) {
	const cause = "more than one server has this tool: write mcp__mall__buy_item or mcp__kiosk__buy_item"
	for name, text := range map[string]string{
		"fence":   "## Commands\n\n```python\n# Buy milk\nbuy_item(\"milk\")\n```\n",
		"json":    "## Commands\n\nBuy milk:\n\n```json\n{\"tool\": \"buy_item\", \"arguments\": {\"item\": \"milk\"}}\n```\n",
		"prose":   "## Commands\n\nUse `buy_item(\"milk\")` to buy milk.\n",
		"table":   "## Shopping\n\n| this | purpose |\n|---|---|\n| `buy_item(\"milk\")` | Buy milk |\n",
		"heading": "## `buy_item(\"milk\")`\n\nBuys milk.\n",
	} {
		t.Run(name, func(t *testing.T) {
			var causes []string
			for _, one := range (&source{tools: newToolbox(shops)}).find("# Shopping\n\n"+text, "a.md") {
				require.Nil(t, one.example)
				causes = append(causes, one.rejected)
			}
			require.Len(t, causes, 1)
			require.Contains(t, causes[0], cause)
		})
	}
}

func TestToolboxWithoutDeclarations(t *testing.T) {
	none := newToolbox(nil)
	require.True(t, none.knows("get_state"))
	require.False(t, none.knows("print"))
}

func FuzzParseCall(f *testing.F) {
	for _, seed := range []string{`send("a")`, `f(a=[1,{"b":'c'}])`, `f("""`, `f(0x)`, `f(-.e)`, `f("\u12`, `f({a:`, "f(#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if call, err := tools.parse(code); err == nil {
			require.True(t, json.Valid(call.Arguments), "%s", call.Arguments)
		}
	})
}
