package main

import "strings"

// parseVariables reads the values of --var flags.
func parseVariables(assignments []string) (map[string]string, error) {
	variables := map[string]string{}
	for _, assignment := range assignments {
		name, value, ok := strings.Cut(assignment, "=")
		if !ok || name == "" {
			return nil, usageError("--var %q: write NAME=VALUE", assignment)
		}
		variables[name] = value
	}
	return variables, nil
}
