package plan

import (
	"runtime"
	"strings"
)

// LookupEnv looks up a variable in an environment whose entries are NAME=VALUE. If a name has several entries, the last one
// counts, as in os/exec.
func LookupEnv(environ []string, name string) (value string, found bool) {
	for _, entry := range environ {
		if of, text, ok := strings.Cut(entry, "="); ok && SameVariable(of, name) {
			value, found = text, true
		}
	}
	return value, found
}

// SameVariable reports whether two names are those of one variable. On Windows, where PATH is mostly called Path, case does
// not count.
func SameVariable(a, b string) bool { return sameVariable(a, b, runtime.GOOS == "windows") }

func sameVariable(a, b string, anyCase bool) bool {
	return a == b || anyCase && strings.EqualFold(a, b)
}
