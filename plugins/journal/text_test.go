package journal

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// emphasis defines what [withoutEmphasis] removes.
var emphasis = regexp.MustCompile(`(^|[\s(])[*_]{1,3}|[*_]{1,3}([\s).,:;!?]|$)|\*\*|__`)

func FuzzWithoutEmphasis(f *testing.F) {
	for _, text := range []string{
		"", "*", "****", "a", "*a* *b*", "**a**: b", "(_a_)", "snake_case", "__init__", "a**b", "a****b", "*_*a", " *** ", "a *", "_a_.", "a_*_b", "é*é*", "\xff*",
		"*\n*\v*\f", "x __", "x ____y", "(***(", "a_ b_",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, emphasis.ReplaceAllString(text, "$1$2"), withoutEmphasis(text), "%q", text)
	})
}
