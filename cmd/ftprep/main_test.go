package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/sdk"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// TestMain makes this test binary serve as ftprep and as plugins, including those that misbehave.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == host.ServeArgument || os.Args[1] == host.GuardArgument) {
		main() // a test runs the program in its own process, which starts itself again for the plugins
		return
	}
	programs := map[string]func(){"ftprep": main, "ftprep-plugin-faulty": faulty, "ftprep-plugin-wild": wild}
	for _, plugin := range builtins() { // as plugins/*/cmd does
		programs["ftprep-plugin-"+plugin.Name] = func() { sdk.Serve(plugin) }
	}
	testscript.Main(withCache{m}, programs)
}

// withCache runs tests with a cache of their own.
type withCache struct{ testscript.TestingM }

func (m withCache) Run() int {
	folder, err := os.MkdirTemp("", "ftprep-test-cache-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Setenv(cacheVariable, folder); err != nil {
		panic(err)
	}
	return m.TestingM.Run()
}

// TestScripts runs testdata/script: the manual of the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv(cacheVariable, filepath.Join(env.WorkDir, "cache"))
			repository, err := filepath.Abs(filepath.Join("..", ".."))
			if err != nil {
				return err
			}
			env.Setenv("REPOSITORY", repository)
			for _, variable := range []string{"GOMODCACHE", "GOCACHE"} { // a script's home has neither
				if value, err := exec.Command("go", "env", variable).Output(); err == nil {
					env.Setenv(variable, strings.TrimSpace(string(value)))
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"json": jsonHolds, "value": jsonValue, "example": buildExample},
	})
}

// jsonHolds checks that a file is one JSON document, and what it holds: json FILE [PATH=VALUE...]. A path with # needs quotes, or
// # begins a comment.
func jsonHolds(ts *testscript.TestScript, not bool, args []string) {
	if not {
		ts.Fatalf("json says what holds, not what does not")
	}
	text := ts.ReadFile(args[0])
	if !gjson.Valid(text) {
		ts.Fatalf("%s is not one JSON document:\n%s", args[0], text)
	}
	for _, fact := range args[1:] {
		path, want, ok := strings.Cut(fact, "=")
		if !ok {
			ts.Fatalf("%q is no PATH=VALUE", fact)
		}
		if got := gjson.Get(text, path).String(); got != want {
			ts.Fatalf("%s: %s is %q, not %q:\n%s", args[0], path, got, want, text)
		}
	}
}

// jsonValue sets a variable to the value at a path of a JSON file: value NAME FILE PATH.
func jsonValue(ts *testscript.TestScript, _ bool, args []string) {
	value := gjson.Get(ts.ReadFile(args[1]), args[2])
	if !value.Exists() {
		ts.Fatalf("%s holds no %s", args[1], args[2])
	}
	ts.Setenv(args[0], value.String())
}

// buildExample builds a plugin in examples/, a module of its own: example NAME FILE.
func buildExample(ts *testscript.TestScript, _ bool, args []string) {
	build := exec.Command("go", "build", "-o", ts.MkAbs(args[1]), ".")
	build.Dir = filepath.Join("..", "..", "examples", args[0])
	if out, err := build.CombinedOutput(); err != nil {
		ts.Fatalf("build %s: %v\n%s", args[0], err, out)
	}
}
