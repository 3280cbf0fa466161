package plan

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// values are the values of the variables; broken has those without a value, which are reported.
type values struct {
	known  map[string]cty.Value
	broken map[string]bool
}

// A given is a value that a variable gets from somewhere other than its block.
type given struct {
	value  cty.Value
	text   bool      // the value is text, which may stand for another type
	at     hcl.Range // nowhere: the command line or the environment
	origin string    // as messages name it
}

// variables finds the value of every variable.
func (p *planner) variables(commandLine, experiment map[string]given) values {
	v := values{known: map[string]cty.Value{}, broken: map[string]bool{}}
	for _, variable := range p.file.Variables {
		if value, ok := p.variable(variable, commandLine, experiment); ok {
			v.known[variable.Name] = value
		} else {
			v.broken["var."+variable.Name] = true
		}
	}
	return v
}

func (p *planner) variable(variable *load.Variable, commandLine, experiment map[string]given) (cty.Value, bool) {
	defaultValue := cty.NilVal
	if variable.Default != nil {
		var ok bool
		if defaultValue, ok = p.constants().evaluate(variable.Default.Expr); !ok {
			return cty.NilVal, false
		}
	}
	for _, from := range []map[string]given{commandLine, experiment, p.fromEnvironment(variable.Name)} {
		if g, ok := from[variable.Name]; ok {
			return p.fit(variable, g, defaultValue)
		}
	}
	if defaultValue == cty.NilVal {
		p.problems.add(variable.Range, "Variable without a value",
			"The variable %q%s has no default. Set it with --var %[1]s=VALUE or in the environment as FTPREP_VAR_%[1]s.",
			variable.Name, p.description(variable))
		return cty.NilVal, false
	}
	return defaultValue, true
}

func (p *planner) description(variable *load.Variable) string {
	if variable.Description == nil {
		return ""
	}
	text, ok := attribute[string](p.constants(), variable.Description, sdk.OptionString)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (%s)", text)
}

// fit converts a given value to the type of the variable's default.
func (p *planner) fit(variable *load.Variable, g given, defaultValue cty.Value) (cty.Value, bool) {
	value, err := convertLike(g, defaultValue)
	if err != nil {
		p.problems.add(cmp.Or(g.at, variable.Range), "Wrong type of a variable", "The variable %q, set by %s: %v, like its default.",
			variable.Name, g.origin, err)
		return cty.NilVal, false
	}
	return value, true
}

// convertLike converts a given value to the type of a default, unless that is null or absent. Of a list or map only the kind
// has to agree.
func convertLike(g given, defaultValue cty.Value) (cty.Value, error) {
	if defaultValue == cty.NilVal || defaultValue.IsNull() {
		return g.value, nil
	}
	typ := defaultValue.Type()
	if typ.IsPrimitiveType() {
		value, err := convert.Convert(g.value, typ)
		if err != nil {
			return cty.NilVal, fmt.Errorf("a %s is needed", kindName(typ))
		}
		return value, nil
	}
	value := g.value
	if g.text {
		expr, diags := hclsyntax.ParseExpression([]byte(value.AsString()), g.origin, hcl.InitialPos)
		if !diags.HasErrors() {
			value, diags = expr.Value(nil)
		}
		if diags.HasErrors() {
			return cty.NilVal, errors.New(`a list or map is needed, such as ["a", "b"] or {a = "b"}`)
		}
	}
	if isList(value.Type()) != isList(typ) || isMap(value.Type()) != isMap(typ) {
		return cty.NilVal, fmt.Errorf("a %s is needed", kindName(typ))
	}
	return value, nil
}

func isList(t cty.Type) bool { return t.IsTupleType() || t.IsListType() || t.IsSetType() }
func isMap(t cty.Type) bool  { return t.IsObjectType() || t.IsMapType() }

func kindName(t cty.Type) string {
	switch {
	case isList(t):
		return "list"
	case isMap(t):
		return "map"
	default:
		return t.FriendlyName()
	}
}

// fromEnvironment returns the value that the environment gives to a variable, if any.
func (p *planner) fromEnvironment(name string) map[string]given {
	key := "FTPREP_VAR_" + name
	text, ok := LookupEnv(p.invocation.Environ, key)
	if !ok {
		return nil
	}
	return map[string]given{name: {value: cty.StringVal(text), text: true, origin: key + " in the environment"}}
}

// checkDeclared reports a value for a variable that the pipeline does not have. It returns whether the pipeline has it.
func (p *planner) checkDeclared(name string, at hcl.Range, origin string) bool {
	var declared []string
	for _, variable := range p.file.Variables {
		declared = append(declared, variable.Name)
	}
	if slices.Contains(declared, name) {
		return true
	}
	if !isLost(p.file.Lost, []string{name}) {
		p.problems.add(at, "Unknown variable", "%s sets %q, but the pipeline has no variable of that name.%s",
			origin, name, suggest(name, declared))
	}
	return false
}

// commandLine gathers what --var and --var-file give.
func (p *planner) commandLine() map[string]given {
	all := map[string]given{}
	for _, path := range p.invocation.VarFiles {
		p.varFile(path, all)
	}
	for _, name := range slices.Sorted(maps.Keys(p.invocation.Variables)) {
		if p.checkDeclared(name, nowhere, "--var") {
			all[name] = given{value: cty.StringVal(p.invocation.Variables[name]), text: true, origin: "--var"}
		}
	}
	return all
}
