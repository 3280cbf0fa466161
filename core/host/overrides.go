package host

import (
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/plan"
)

// The variables of this program's environment with which a developer replaces plugins. Both hold NAME=VALUE pairs, separated
// by commas.
const (
	reattachVariable  = "FTPREP_REATTACH"      // the address of a plugin that runs already, such as unix:/tmp/x.sock
	overridesVariable = "FTPREP_DEV_OVERRIDES" // the path of a local build
)

type overrides struct{ attach, local map[string]string }

// CheckOverrides reports what is wrong with the variables with which a developer replaces plugins. It announces plugins in
// them that are neither declared nor built in: these have no effect here, but may have one elsewhere.
func (h *Host) CheckOverrides(declared []string) error {
	overrides, err := h.overrides()
	if err != nil {
		return err
	}
	known := slices.Clone(declared)
	for _, plugin := range h.builtins {
		known = append(known, plugin.Name)
	}
	h.announceUnknown(reattachVariable, overrides.attach, known)
	h.announceUnknown(overridesVariable, overrides.local, known)
	return nil
}

func (h *Host) announceUnknown(variable string, pairs map[string]string, known []string) {
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		if !slices.Contains(known, name) {
			h.announce("warning: %s names the plugin %q, for which this pipeline has no plugin block: it has no effect here", variable, name)
		}
	}
}

func (h *Host) overrides() (o overrides, err error) {
	if o.attach, err = h.pairs(reattachVariable); err != nil {
		return o, err
	}
	for name, address := range o.attach {
		if _, _, err := net.SplitHostPort(address); err != nil && !strings.HasPrefix(address, "unix:") {
			return o, fmt.Errorf("%s gives the address %q for the plugin %q; write %s=unix:/path/of/the/socket or %s=127.0.0.1:PORT", reattachVariable, address, name, name, name)
		}
	}
	if o.local, err = h.pairs(overridesVariable); err != nil {
		return o, err
	}
	for name, path := range o.local {
		if path, err = filepath.Abs(path); err != nil {
			return o, err
		}
		if o.local[name], err = findFile(path); err != nil {
			return o, fmt.Errorf("%s names a build of the plugin %q that cannot be found: %w; build it, or correct the path", overridesVariable, name, err)
		}
	}
	return o, nil
}

// pairs parses the NAME=VALUE pairs in one of the two variables.
func (h *Host) pairs(variable string) (map[string]string, error) {
	text, _ := plan.LookupEnv(h.environ, variable)
	pairs := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" || value == "" {
			return nil, fmt.Errorf("%s contains %q; write NAME=VALUE, with commas between several", variable, pair)
		}
		pairs[name] = value
	}
	return pairs, nil
}
