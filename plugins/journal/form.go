package journal

import (
	"regexp"
	"sync"
)

// A form is a regular expression that is compiled when it is first used: there are many, and every process of the program
// holds this package, even if it reads no journal.
type form func() *regexp.Regexp

func newForm(expression string) form {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
