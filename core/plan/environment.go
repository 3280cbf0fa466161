package plan

import "strings"

// LookupEnv finds a variable of an environment, whose entries are NAME=VALUE. Of several entries for a name the last
// counts, as in os/exec.
func LookupEnv(environ []string, name string) (value string, found bool) {
	for _, entry := range environ {
		if rest, ok := strings.CutPrefix(entry, name+"="); ok {
			value, found = rest, true
		}
	}
	return value, found
}
