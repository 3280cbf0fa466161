package sdk

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCommandLinesThatOnlyLook(t *testing.T) {
	for line, want := range map[string]bool{
		"ls -la": true, "cd /tmp && ls": true, "git status": true, "git status && git diff --stat | head -20": true,
		"go test ./... 2>&1 | tail -5": true, "npx tsc --noEmit": true, "python -m pytest -q": true, "uv run pytest": true,
		"timeout 60 go vet ./...": true, "CGO_ENABLED=0 go build ./...": true, `grep -rn "a > b; rm x" .`: true,
		"cat a.txt 2>/dev/null || echo 'none; rm'": true, "find . -name '*.go'": true, "sed -n 1,20p a.go": true, "npm test": true,
		"npm run lint": true, "mise run test 2>&1": true, "git -C /a/b log -3": true, `git -C "/a b" status`: true, `X="a b" ls`: true, "git -C /a/b push": false, "go run ./x": false,

		"rm -rf build": false, "git commit -m x": false, "git status; git push": false, "cat > a.txt": false, "echo hi >> a": false,
		"cat <<EOF > a\nx\nEOF": false, "sed -i s/a/b/ f": false, "find . -name '*.o' -delete": false, "ls `rm x`": false,
		"ls $(rm x)": false, `echo "$(rm x)"`: false, "cd src": false, "": false, "npm run build": false, "make": false, "eslint --fix .": false,
		"xargs rm":      false,
		"sed -n -i p f": false, "sort -o f f": false, "find . -fprint f": false, "find . -ok rm {} ;": false, "fd --exec rm": false,
		"date -s now": false, "git reflog expire": false, "grep -o x f | sort | uniq -c": true, "ls | xargs rm": false,
	} {
		arguments, err := json.Marshal(map[string]string{"command": line})
		require.NoError(t, err)
		require.Equal(t, want, looks(&Call{Tool: "Bash", Arguments: arguments}), line)
	}
	require.False(t, looks(&Call{Tool: "deploy", Arguments: json.RawMessage(`{"command":"ls"}`)}), "no shell")
	for arguments, want := range map[string]bool{
		`{"command":["ls"]}`: true, `{"command":["rm","x"]}`: false, `{"command":["bash","-lc","cat a; ls"]}`: true, `{"cmd":"git status"}`: true,
		`{"command":["bash","-lc","cat a > b"]}`: false, `{"command":["cat","a > b"]}`: true, `{"command":["git","commit","-m","it's"]}`: false,
		`{"command":{"ls":1}}`: false, `{"command":7}`: false, `{}`: false,
	} {
		require.Equal(t, want, looks(&Call{Tool: "shell", Arguments: json.RawMessage(arguments)}), arguments)
	}
}

// TestEachTurnHasItsOwnPhases: a call does not verify what an earlier turn did.
func TestEachTurnHasItsOwnPhases(t *testing.T) {
	step := func(tools ...string) Message {
		m := Message{Role: RoleAssistant}
		for _, tool := range tools {
			m.Calls = append(m.Calls, Call{Tool: tool})
		}
		return m
	}
	e := &Example{Messages: []Message{
		{Role: RoleUser, Text: "fill the pack"}, step("get_state", "mine"), step("get_state"),
		{Role: RoleUser, Text: "iron, please"}, step("get_state"), // while the model works
		{Role: RoleUser, Text: "news of a task", Masked: true}, step("get_state"), {Role: RoleAssistant, Text: "full"},
		{Role: RoleUser, Text: "news of a task", Masked: true}, step("get_state"), {Role: RoleAssistant, Text: "still full"},
		{Role: RoleUser, Text: "what is in it?"}, step("get_state"),
	}}
	e.derivePhases()
	phases := func() (all []Phase) {
		for _, m := range e.Messages {
			for _, call := range m.Calls {
				all = append(all, call.Phase)
			}
		}
		return all
	}
	require.Equal(t, []Phase{PhaseObserve, PhaseAct, PhaseVerify, PhaseVerify, PhaseVerify, PhaseVerify, PhaseObserve}, phases())
	e.Messages[1].Calls = e.Messages[1].Calls[:1]
	e.unverify()
	require.Equal(t, []Phase{PhaseObserve, PhaseObserve, PhaseObserve, PhaseObserve, PhaseObserve, PhaseObserve}, phases())
}

// TestPhasesBehindAnEarlierTurn: an earlier turn that is masked may end on a result.
func TestPhasesBehindAnEarlierTurn(t *testing.T) {
	for masked, want := range map[bool]Phase{true: PhaseObserve, false: PhaseVerify} {
		e := &Example{Messages: []Message{
			{Role: RoleUser, Text: "mine", Masked: masked},
			{Role: RoleAssistant, Calls: []Call{{ID: "c1", Tool: "mine"}}, Masked: masked},
			{Role: RoleTool, CallID: "c1", Masked: masked},
			{Role: RoleUser, Text: "what is in the pack?"},
			{Role: RoleAssistant, Calls: []Call{{ID: "c2", Tool: "get_state"}}},
		}}
		e.derivePhases()
		require.Equal(t, want, e.Messages[4].Calls[0].Phase)
	}
}

// quotations matches what withoutQuotations replaces, and defines it more simply.
var quotations = regexp.MustCompile(`'[^']*'|"(?:[^"\\$` + "`" + `]|\\.|\$[A-Za-z_{])*"`)

func TestQuotationsAreReplaced(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("'\"\\$`a_{\n \u00e9x(\\\"")
	for range 100_000 {
		line := make([]rune, random.IntN(16))
		for i := range line {
			line[i] = letters[random.IntN(len(letters))]
		}
		require.Equal(t, quotations.ReplaceAllString(string(line), "x"), withoutQuotations(string(line)), "%q", string(line))
	}
	long := "curl -d \"{" + strings.Repeat(`\"key\": \"value\", `, 100_000) + `\"t\": \"$(date)\"}"`
	require.Equal(t, quotations.ReplaceAllString(long, "x"), withoutQuotations(long), "in time")
}

func TestPrograms(t *testing.T) {
	for line, want := range map[string]string{
		"ls -la": "ls", "cd /a/b && golangci-lint run 2>&1": "golangci-lint", "X=1 timeout 5 go test ./...": "go", "cd /a": "", "": "",
		"# list\nls a": "ls", "set -e; go test ./x": "go", "FOO='a b' go test": "go", "sudo apt install x": "apt", "/usr/bin/python3 x.py": "x.py", "(cd x; make)": "make",
	} {
		arguments, err := json.Marshal(map[string]string{"command": line})
		require.NoError(t, err)
		require.Equal(t, want, (&Call{Tool: "bash", Arguments: arguments}).Program(), line)
	}
	for arguments, want := range map[string]string{
		`{"command":["bash","-lc","cd a && pip install x"]}`: "pip", `{"command":["npm","install"]}`: "npm", `{"command":["/bin/sh","-c","ls"]}`: "ls",
		`{"cmd":"make"}`: "make", `{"command":[]}`: "",
	} {
		require.Equal(t, want, (&Call{Tool: "exec_command", Arguments: json.RawMessage(arguments)}).Program(), arguments)
	}
	require.Empty(t, (&Call{Tool: "look", Arguments: json.RawMessage(`{"command":"ls"}`)}).Program())
}

func TestPhases(t *testing.T) {
	call := func(tool, arguments string) Message {
		return Message{Role: RoleAssistant, Calls: []Call{{Tool: tool, Arguments: json.RawMessage(arguments)}}}
	}
	e := Example{Messages: []Message{
		call("Read", `{}`), call("Bash", `{"command":"git status"}`), call("Edit", `{}`), call("Bash", `{"command":"go test ./..."}`),
		call("Bash", `{"command":"git push"}`), call("get_state", `{}`),
	}}
	e.derivePhases()
	var phases []Phase
	for _, c := range e.Calls() {
		phases = append(phases, c.Phase)
	}
	require.Equal(t, []Phase{PhaseObserve, PhaseObserve, PhaseAct, PhaseVerify, PhaseAct, PhaseVerify}, phases)
}
