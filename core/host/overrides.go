package host

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ftprep/ftprep/core/plan"
)

// The variables of this program's environment by which a developer replaces plugins; both hold NAME=VALUE pairs, separated
// by commas.
const (
	reattachVariable  = "FTPREP_REATTACH"      // the address of a plugin that runs already, such as unix:/tmp/x.sock
	overridesVariable = "FTPREP_DEV_OVERRIDES" // the path of a local build
)

type overrides struct{ attach, local map[string]string }

func (h *Host) overrides() (o overrides, err error) {
	if o.attach, err = h.pairs(reattachVariable); err != nil {
		return o, err
	}
	if o.local, err = h.pairs(overridesVariable); err != nil {
		return o, err
	}
	for name, path := range o.local {
		if o.local[name], err = filepath.Abs(path); err != nil {
			return o, err
		}
	}
	return o, nil
}

// pairs reads a variable.
func (h *Host) pairs(variable string) (map[string]string, error) {
	text, _ := plan.LookupEnv(h.environ, variable)
	pairs := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" || value == "" {
			return nil, fmt.Errorf("%s holds %q: write NAME=VALUE, several separated by commas", variable, pair)
		}
		pairs[name] = value
	}
	return pairs, nil
}
