package plan

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// functions returns the functions that expressions can call. None depends on the clock or on chance.
func functions(locate *locator, environ []string) map[string]function.Function {
	return map[string]function.Function{
		"concat":     stdlib.ConcatFunc,
		"contains":   stdlib.ContainsFunc,
		"distinct":   stdlib.DistinctFunc,
		"env":        envFunction(environ),
		"file":       fileFunction(locate),
		"format":     stdlib.FormatFunc,
		"glob":       globFunction(locate),
		"join":       stdlib.JoinFunc,
		"jsondecode": stdlib.JSONDecodeFunc,
		"length":     stdlib.LengthFunc,
		"lower":      stdlib.LowerFunc,
		"merge":      stdlib.MergeFunc,
		"regex":      stdlib.RegexFunc,
		"replace":    stdlib.ReplaceFunc,
		"sort":       stdlib.SortFunc,
		"split":      stdlib.SplitFunc,
		"upper":      stdlib.UpperFunc,
	}
}

// textFunction makes a function of one string.
func textFunction(parameter string, result cty.Type, apply func(string) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: parameter, Type: cty.String}},
		Type:   function.StaticReturnType(result),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			value, err := apply(args[0].AsString())
			if err != nil {
				return cty.UnknownVal(result), function.NewArgError(0, err)
			}
			return value, nil
		},
	})
}

// fileFunction makes the function that returns the text of a file. It drops a byte order mark and turns the line ends of
// Windows, which programs there and git write, into plain ones, so that a pipeline gives the same bytes everywhere.
func fileFunction(locate *locator) function.Function {
	return textFunction("path", cty.String, func(path string) (cty.Value, error) {
		place, err := locate.file(path)
		if err != nil {
			return cty.NilVal, err
		}
		text, err := os.ReadFile(place)
		if err != nil {
			return cty.NilVal, err
		}
		if !utf8.Valid(text) {
			return cty.NilVal, fmt.Errorf("%q is not UTF-8 text", path)
		}
		return cty.StringVal(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")), nil
	})
}

// globFunction makes the function that returns the absolute paths that match a pattern, sorted. There may be none.
func globFunction(locate *locator) function.Function {
	return textFunction("pattern", cty.List(cty.String), func(pattern string) (cty.Value, error) {
		paths, err := locate.glob(pattern)
		if err != nil || len(paths) == 0 {
			return cty.ListValEmpty(cty.String), err
		}
		var values []cty.Value
		for _, path := range paths {
			values = append(values, cty.StringVal(path))
		}
		return cty.ListVal(values), nil
	})
}

// envFunction makes the function that returns the value of an environment variable that a pipeline may read.
func envFunction(environ []string) function.Function {
	return textFunction("name", cty.String, func(name string) (cty.Value, error) {
		if !strings.HasPrefix(name, "FTPREP_") && name != "HOME" && name != "USER" {
			return cty.NilVal, fmt.Errorf("%q may not be read; only HOME, USER and names that start with FTPREP_ may", name)
		}
		value, ok := LookupEnv(environ, name)
		if !ok {
			return cty.NilVal, fmt.Errorf("%q is not set in the environment", name)
		}
		return cty.StringVal(value), nil
	})
}
