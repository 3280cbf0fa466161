package plan

import (
	"runtime"
	"strings"
)

// LookupEnv finds a variable of an environment, whose entries are NAME=VALUE. Of several entries for a name the last
// counts, as in os/exec.
func LookupEnv(environ []string, name string) (value string, found bool) {
	for _, entry := range environ {
		if of, text, ok := strings.Cut(entry, "="); ok && SameVariable(of, name) {
			value, found = text, true
		}
	}
	return value, found
}

// SameVariable reports whether two names are those of one variable: on Windows, where PATH is mostly called Path, case tells
// none apart.
func SameVariable(a, b string) bool { return sameVariable(a, b, runtime.GOOS == "windows") }

func sameVariable(a, b string, anyCase bool) bool {
	return a == b || anyCase && strings.EqualFold(a, b)
}
