package journal

import (
	"regexp"
	"sync"
)

// A form is a regular expression. There are many, and each process of the program holds this package: what no journal
// needs is not compiled.
type form func() *regexp.Regexp

func newForm(expression string) form {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
