package plan

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// scope is what expressions can refer to.
type scope struct {
	problems  *problems
	locate    *locator
	functions map[string]function.Function
	roots     map[string]map[string]cty.Value // values by the name before the first dot and the name after it
	broken    map[string]bool                 // var.x and local.x whose value could not be found, which is reported
	lost      []load.Header                   // see load.Pipeline
	secret    bool                            // what is evaluated must not be shown
}

// newScope makes a scope with these variables and evaluates the locals in it.
func (p *planner) newScope(variables values) *scope {
	s := p.constants()
	s.broken, s.lost = variables.broken, p.file.Lost
	s.roots["var"] = variables.known
	s.roots["local"] = map[string]cty.Value{}
	s.roots["source"] = addresses(p.file.Sources)
	s.roots["filter"] = addresses(p.file.Filters)
	s.roots["output"] = addresses(p.file.Outputs)
	s.evaluateLocals(p.file.Locals)
	return s
}

// constants returns the scope of a variable's own block: it has all functions, but nothing to refer to except path.
func (p *planner) constants() *scope {
	return &scope{
		problems:  p.problems,
		locate:    p.locate,
		functions: functions(p.locate, p.invocation.Environ),
		roots: map[string]map[string]cty.Value{
			"path": {"cwd": cty.StringVal(p.invocation.Cwd), "pipeline": cty.StringVal(p.file.Dir)},
		},
	}
}

// addresses makes source.journal.notes evaluate to "source.journal.notes".
func addresses(blocks []*load.Block) map[string]cty.Value {
	byType := map[string]map[string]cty.Value{}
	for _, block := range blocks {
		if byType[block.Type] == nil {
			byType[block.Type] = map[string]cty.Value{}
		}
		byType[block.Type][block.Name] = cty.StringVal(block.Address())
	}
	values := map[string]cty.Value{}
	for typ, names := range byType {
		values[typ] = cty.ObjectVal(names)
	}
	return values
}

// evaluate returns false if a problem, in the expression or in what it refers to, leaves the expression without a value.
func (s *scope) evaluate(expr hcl.Expression) (cty.Value, bool) {
	sound := true
	for _, traversal := range expr.Variables() {
		sound = s.resolves(traversal) && sound
	}
	if !sound {
		return cty.NilVal, false
	}
	value, diags := expr.Value(s.context())
	if s.secret {
		diags = withhold(diags, expr)
	}
	s.problems.extend(diags)
	return value, !diags.HasErrors() && value.IsWhollyKnown()
}

func (s *scope) context() *hcl.EvalContext {
	variables := map[string]cty.Value{}
	for root, values := range s.roots {
		variables[root] = cty.ObjectVal(values)
	}
	return &hcl.EvalContext{Variables: variables, Functions: s.functions}
}

// evaluateRest evaluates attributes of unknown type, to report the problems of their expressions.
func (s *scope) evaluateRest(body hcl.Body) {
	attributes, _ := body.JustAttributes() // it complains about nested blocks, which may well be there
	for _, attribute := range attributes {
		s.evaluate(attribute.Expr)
	}
}

// attribute evaluates an argument that the host owns.
func attribute[T any](s *scope, attr *hcl.Attribute, typ sdk.OptionType) (value T, ok bool) {
	raw, ok := s.evaluateOption(attr, sdk.Option{Name: attr.Name, Type: typ})
	if ok && raw != nil {
		fromJSON(raw, &value)
	}
	return value, ok
}
