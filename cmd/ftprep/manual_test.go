package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// everyCommand is the manual's name for all commands together.
const everyCommand = "every command"

// TestFlagsAreDocumented compares the manual's table of flags with the command line.
func TestFlagsAreDocumented(t *testing.T) {
	manual, err := os.ReadFile(filepath.Join("..", "..", "docs", "commands.md"))
	require.NoError(t, err)
	root := (&app{stdout: io.Discard, stderr: io.Discard}).command()
	flags := map[string][]string{}
	collectFlags(root, flags)
	require.Equal(t, flags, tabledFlags(t, string(manual)))
}

// collectFlags adds the flags of a command and its subcommands, with the commands that take them. It leaves out cobra's own
// command for completion.
func collectFlags(command *cobra.Command, found map[string][]string) {
	name := strings.TrimPrefix(command.CommandPath(), "ftprep ")
	if !command.HasParent() {
		name = everyCommand
	}
	if name == "completion" {
		return
	}
	command.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		found[flag.Name] = append(found[flag.Name], name)
		slices.Sort(found[flag.Name])
	})
	for _, sub := range command.Commands() {
		collectFlags(sub, found)
	}
}

// tabledFlags reads the table: a row has flags, the commands that take them, and what they do.
func tabledFlags(t *testing.T, manual string) map[string][]string {
	_, table, ok := strings.Cut(manual, "| flag | of | does |\n|---|---|---|\n")
	require.True(t, ok)
	table, _, _ = strings.Cut(table, "\n\n")
	found := map[string][]string{}
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.ReplaceAll(row, `\|`, "/"), " | ")
		require.Len(t, cells, 3, row)
		commands := strings.Split(cells[1], ", ")
		slices.Sort(commands)
		for _, flag := range regexp.MustCompile("`--([a-z-]+)").FindAllStringSubmatch(cells[0], -1) {
			require.NotContains(t, found, flag[1])
			found[flag[1]] = commands
		}
	}
	return found
}
