package main

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ftprep/ftprep/core/host"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// TestMain makes this test binary serve as ftprep and as a plugin that misbehaves.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == host.ServeArgument || os.Args[1] == host.GuardArgument) {
		main() // a test runs the program in its own process, which runs itself again for the plugins
		return
	}
	testscript.Main(m, map[string]func(){
		"ftprep":               main,
		"ftprep-plugin-faulty": faulty,
	})
}

// TestScripts runs testdata/script: the manual of the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       *update,
	})
}
