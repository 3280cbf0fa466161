package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// TestMain makes this test binary serve as ftprep and as a plugin that misbehaves.
func TestMain(m *testing.M) {
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
