package journal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/sdk"
)

// A toolbox knows the tools that the pipeline declares.
type toolbox struct {
	declared   *sdk.Toolset // nil where the pipeline declares none
	parameters map[string]parameters
}

// parameters holds the parameters of a declared tool, as its schema has them.
type parameters struct {
	names    []string // in the order of the schema
	required []string
}

func newToolbox(set *sdk.Toolset) toolbox {
	if set == nil {
		return toolbox{}
	}
	box := toolbox{declared: set, parameters: map[string]parameters{}}
	for _, tool := range set.Tools {
		var schema struct {
			Properties json.RawMessage
			Required   []string
		}
		// A schema that cannot be read names no parameter: then only calls with named arguments are understood.
		_ = json.Unmarshal(tool.Schema, &schema)
		box.parameters[tool.FullName()] = parameters{names: keys(schema.Properties), required: schema.Required}
	}
	return box
}

// keys lists the keys of a JSON object in their order.
func keys(object json.RawMessage) []string {
	var names []string
	if parsed := gjson.ParseBytes(object); parsed.IsObject() {
		parsed.ForEach(func(key, _ gjson.Result) bool {
			names = append(names, key.Str)
			return true
		})
	}
	return names
}

var (
	callName  = newForm(`^(?:await\s+)?(?:[A-Za-z_]\w*(?:\s*:\s*\w+)?\s*=\s*(?:await\s+)?)?(mcp__\w+?__)?([A-Za-z_]\w*)\s*\(`)
	bareName  = newForm(`^(mcp__\w+?__)?([a-z][a-z0-9]*(?:_[a-z0-9]+)+)$`)
	snakeCase = newForm(`^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$`)
	standsFor = newForm(`\.\.\.|…|<[A-Za-z_][\w -]*>|\{[A-Za-z_]\w*\}|YYYY|\bx y\b|\bX Y\b|` +
		`(?i:\b(?:your|some)[_ -]\w+|\b(?:partial|exact|item|object|npc|widget|tool|file|command|target|quest)_?(?:name|object)\b|/path/to/)`)
	errNoCall    = errors.New("not a tool call")
	errStandsFor = errors.New("an argument is a placeholder")
	errUnknown   = errors.New("the pipeline declares no such tool")
	errAmbiguous = errors.New("more than one server has this tool")
)

// knows reports whether a name is that of a tool: a declared one, or any snake_case name where none is declared.
func (t toolbox) knows(name string) bool {
	if t.declared == nil {
		return snakeCase().MatchString(name)
	}
	return len(t.declared.Candidates("", name)) > 0
}

// parse reads code that is one call and nothing else.
func (t toolbox) parse(code string) (sdk.Call, error) {
	code = strings.TrimRight(strings.TrimSpace(code), ";")
	if at := bareName().FindStringSubmatch(code); at != nil && t.declared != nil && t.knows(at[2]) {
		return t.build(at[1], at[2], nil)
	}
	at := callName().FindStringSubmatchIndex(code)
	if at == nil {
		return sdk.Call{}, errNoCall
	}
	server := ""
	if at[2] >= 0 {
		server = code[at[2]:at[3]]
	}
	r := &literalReader{text: code, at: at[1]}
	arguments, err := r.arguments()
	if err != nil {
		return sdk.Call{Tool: code[at[4]:at[5]]}, err
	}
	if r.peek() != 0 {
		return sdk.Call{}, errNoCall
	}
	return t.build(server, code[at[4]:at[5]], arguments)
}

type argument struct {
	name  string // empty for a positional one
	value json.RawMessage
}

var named = newForm(`^([A-Za-z_]\w*)\s*(?:=|:)`)

// arguments reads up to and including the parenthesis that ends the call.
func (r *literalReader) arguments() ([]argument, error) {
	var all []argument
	for !r.accept(')') {
		var one argument
		if at := named().FindStringSubmatch(r.text[r.at:]); at != nil && !strings.HasPrefix(r.text[r.at+len(at[0]):], "=") {
			one.name = at[1]
			r.at += len(at[0])
		}
		var err error
		if one.value, err = r.value(); err != nil {
			return nil, err
		}
		if standsFor().Match(one.value) {
			return nil, errStandsFor
		}
		all = append(all, one)
		if !r.accept(',') && r.peek() != ')' {
			return nil, errNotLiteral
		}
	}
	return all, nil
}

// build makes a call and names its arguments. A positional one takes its name from the tool's schema; if the schema has no
// name for it, build returns an error instead of making one up.
func (t toolbox) build(prefix, tool string, arguments []argument) (sdk.Call, error) {
	call := sdk.Call{Server: strings.TrimSuffix(strings.TrimPrefix(prefix, "mcp__"), "__"), Tool: tool}
	var declared parameters
	switch meant := t.declared.Candidates(call.Server, tool); {
	case len(meant) > 1:
		return call, ambiguous(meant)
	case len(meant) == 1:
		call.Server = cmp.Or(call.Server, meant[0].Server)
		declared = t.parameters[meant[0].FullName()]
	}
	if len(arguments) == 1 && arguments[0].name == "" && arguments[0].value[0] == '{' {
		call.Arguments = arguments[0].value
		return call, declared.lacks(tool, keys(call.Arguments))
	}
	object, given, err := declared.object(tool, arguments)
	if err != nil {
		return call, err
	}
	call.Arguments = object
	return call, declared.lacks(tool, given)
}

// ambiguous returns an error that says how to name each of several tools that a call may mean.
func ambiguous(meant []sdk.ToolDefinition) error {
	names := make([]string, len(meant))
	for i, definition := range meant {
		names[i] = definition.FullName()
	}
	return fmt.Errorf("%w: write %s", errAmbiguous, strings.Join(names, " or "))
}

// object writes arguments as a JSON object and lists the names that are given.
func (p parameters) object(tool string, arguments []argument) (json.RawMessage, []string, error) {
	var object bytes.Buffer
	var given []string
	for i, one := range arguments {
		if one.name == "" {
			if i >= len(p.names) {
				return nil, nil, fmt.Errorf("argument %d of %s has no name, and no tools block declares one", i+1, tool)
			}
			one.name = p.names[i]
		}
		if slices.Contains(given, one.name) {
			return nil, nil, fmt.Errorf("argument %s of %s is given twice", one.name, tool)
		}
		given = append(given, one.name)
		if object.Len() > 0 {
			object.WriteString(", ")
		}
		object.Write(quoted(one.name))
		object.WriteString(": ")
		object.Write(one.value)
	}
	return json.RawMessage("{" + object.String() + "}"), given, nil
}

// lacks returns an error if a required parameter is not given.
func (p parameters) lacks(tool string, given []string) error {
	for _, name := range p.required {
		if !slices.Contains(given, name) {
			return fmt.Errorf("the call of %s lacks the required argument %s", tool, name)
		}
	}
	return nil
}
