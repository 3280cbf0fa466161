package sdk

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// shells holds the names of tools that run a command line, in lower case.
var shells = map[string]bool{
	"bash": true, "shell": true, "powershell": true, "run_command": true, "execute_command": true, "run_terminal_cmd": true,
	"exec_command": true, "shell_command": true,
}

// Shell reports whether the call runs a command line.
func (c *Call) Shell() bool { return shells[strings.ToLower(c.Tool)] }

// Program returns the name of the first program that the call's command line runs. Commands that only prepare others,
// such as cd or set, and programs that only run another one, such as timeout or python3, are passed over. It returns ""
// if the call runs no command line or the program cannot be told.
func (c *Call) Program() string {
	if !c.Shell() {
		return ""
	}
	for command := range strings.FieldsFuncSeq(withoutQuotations(commandLine(c)), isSeparator) {
		words := strings.Fields(strings.Trim(command, " ()\t"))
		for i, word := range words {
			if !strings.Contains(word, "=") {
				words[i] = path.Base(word)
			}
		}
		if words = withoutPrefix(words); len(words) > 1 && words[0] == "sudo" {
			words = words[1:]
		}
		if len(words) > 0 && !preparing[words[0]] && !strings.HasPrefix(words[0], "#") {
			return words[0]
		}
	}
	return ""
}

// preparing holds commands that say nothing about what the command line does.
var preparing = map[string]bool{"cd": true, "set": true, "export": true, "source": true, ".": true, "pushd": true, "popd": true}

// commandLine returns the command line that a shell's call runs, or "" if it cannot be told. It is given as a string or
// as a list of words; if the list is a shell with -c or -lc, the command line is its third word.
func commandLine(c *Call) string {
	command := gjson.GetBytes(c.Arguments, "command")
	if !command.Exists() {
		command = gjson.GetBytes(c.Arguments, "cmd")
	}
	switch {
	case command.Type == gjson.String:
		return command.Str
	case command.IsArray():
		return wordsLine(command.Array())
	}
	return ""
}

// wordsLine joins the words of a command to a command line, with quotation marks around those that a shell would split.
func wordsLine(list []gjson.Result) string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = word.String()
	}
	if len(words) == 3 && strings.HasSuffix(words[0], "sh") && (words[1] == "-c" || words[1] == "-lc") {
		return words[2]
	}
	for i, word := range words {
		if strings.ContainsAny(word, " \t\n\"'`|&;<>()$") {
			words[i] = "'" + strings.ReplaceAll(word, "'", " ") + "'"
		}
	}
	return strings.Join(words, " ")
}

// looks reports whether a call runs a command line that only looks or checks: each of its commands is known to do no
// more, and none writes to a file. If in doubt, the call acts.
func looks(call *Call) bool {
	if !call.Shell() {
		return false
	}
	command := commandLine(call)
	if words := withoutPrefix(strings.Fields(firstCommand(command))); len(words) > 0 && words[0] != "cd" {
		if _, known := lookingCommands[words[0]]; !known {
			return false // most command lines that act are recognised by their first word
		}
	}
	line := withoutQuotations(command)
	if strings.Contains(line, ">") {
		line = harmlessRedirection.ReplaceAllString(line, " ")
	}
	if strings.ContainsAny(line, "<>`(") {
		return false
	}
	seen := false
	for _, command := range strings.FieldsFunc(line, isSeparator) {
		words := withoutPrefix(strings.Fields(command))
		switch {
		case len(words) == 0 || words[0] == "cd":
		case !lookingCommand(words):
			return false
		default:
			seen = true
		}
	}
	return seen
}

// separators holds the characters that separate commands.
const separators = "|&;\n"

func isSeparator(r rune) bool { return strings.ContainsRune(separators, r) }

// firstCommand returns the text before the first separator or quotation mark, without leading separators and spaces.
func firstCommand(line string) string {
	line = strings.TrimLeft(line, separators+" \t\r")
	if end := strings.IndexAny(line, separators+`'"`); end >= 0 {
		line = line[:end]
	}
	return line
}

var (
	// harmlessRedirection matches a redirection that writes no file. A number before it is left over, as a word.
	harmlessRedirection = regexp.MustCompile(`>>?\s*(?:/dev/null|&[0-9])`)
	// prefixWord matches a word that withoutPrefix removes.
	prefixWord = regexp.MustCompile(`^(?:[A-Za-z_][A-Za-z0-9_]*=.*|time|timeout|[0-9]+[smh]?|npx|bunx|uv|poetry|run|python3?|-m)$`)
)

// withoutQuotations replaces every quotation in which the shell runs nothing by an x. It looks at each byte once or
// twice, which matters because a whole program may be quoted.
func withoutQuotations(line string) string {
	var b strings.Builder
	searched := 0 // no double quotation mark before this offset begins a harmless quotation
	for at := 0; ; {
		start := strings.IndexAny(line[at:], `'"`)
		if start < 0 {
			b.WriteString(line[at:])
			return b.String()
		}
		start += at
		b.WriteString(line[at:start])
		var end int
		harmless := false
		switch {
		case line[start] == '\'':
			end, harmless = singleQuotation(line, start)
		case start >= searched:
			if end, harmless = doubleQuotation(line, start); !harmless {
				searched = end
			}
		}
		if harmless {
			b.WriteByte('x')
			at = end
		} else {
			b.WriteByte(line[start])
			at = start + 1
		}
	}
}

// singleQuotation returns the end of the quotation in single quotation marks that begins at start. The shell runs nothing
// in it, so it is harmless unless it does not end.
func singleQuotation(line string, start int) (end int, harmless bool) {
	length := strings.IndexByte(line[start+1:], '\'')
	return start + 1 + length + 1, length >= 0
}

// doubleQuotation returns the end of the quotation in double quotation marks that begins at start. harmless is false if
// the quotation does not end or the shell might run something in it. Then end is where that was found. Marks before end
// are escaped, so a quotation that began at one of them would be just as little harmless.
func doubleQuotation(line string, start int) (end int, harmless bool) {
	for i := start + 1; i < len(line); i++ {
		switch line[i] {
		case '"':
			return i + 1, true
		case '`':
			return i, false
		case '\\':
			if i++; i < len(line) && line[i] == '\n' {
				return i, false
			}
		case '$':
			if i++; i == len(line) || !isNameStart(line[i]) && line[i] != '{' {
				return i, false
			}
		}
	}
	return len(line), false
}

func isNameStart(c byte) bool { return c == '_' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' }

// withoutPrefix removes assignments of variables, programs that only run another one, and what stands between a program
// and its subcommand.
func withoutPrefix(words []string) []string {
	for len(words) > 0 && prefixWord.MatchString(words[0]) {
		words = words[1:]
	}
	switch {
	case len(words) > 2 && words[1] == "run":
		return append([]string{words[0]}, words[2:]...)
	case len(words) > 3 && words[0] == "git" && words[1] == "-C":
		return append([]string{words[0]}, words[3:]...)
	}
	return words
}

// lookingCommands holds programs that only look, or check what others did. If a program has a list of arguments, it only
// does so with one of these as the first argument.
var lookingCommands = map[string][]string{
	"[": nil, "basename": nil, "cat": nil, "cut": nil, "df": nil, "diff": nil, "dirname": nil, "du": nil, "echo": nil,
	"egrep": nil, "fgrep": nil, "file": nil, "find": nil, "git": {
		"blame", "cat-file", "describe", "diff", "grep", "log", "ls-files", "rev-parse", "shortlog", "show", "status",
	},
	"grep": nil, "head": nil, "hexdump": nil, "id": nil, "jq": nil, "less": nil, "ls": nil, "lsof": nil, "nl": nil, "pgrep": nil,
	"printf": nil, "ps": nil, "pwd": nil, "readlink": nil, "realpath": nil, "rg": nil, "sed": {"-n"}, "sleep": nil, "sort": nil,
	"stat": nil, "tail": nil, "test": nil, "tr": nil, "tree": nil, "true": nil, "uname": nil, "uniq": nil, "wc": nil, "which": nil,
	"whoami": nil,

	"./gradlew": {"build", "check", "test"}, "bun": {"check", "lint", "test", "typecheck"}, "cargo": {"build", "check", "clippy", "nextest", "test"}, "ctest": nil,
	"dotnet": {"build", "test"}, "eslint": nil, "go": {"build", "doc", "env", "list", "test", "version", "vet"},
	"golangci-lint": nil, "gradle": {"build", "check", "test"}, "jest": nil, "just": {"check", "lint", "test"},
	"make": {"check", "lint", "test"}, "mise": {"check", "lint", "test"}, "mix": {"test"}, "mvn": {"test", "verify"}, "mypy": nil,
	"npm": {"check", "lint", "ls", "test", "typecheck"}, "phpunit": nil, "pnpm": {"check", "lint", "test", "typecheck"}, "pyright": nil,
	"pytest": nil, "rspec": nil, "ruff": {"check"}, "shellcheck": nil, "staticcheck": nil, "swift": {"build", "test"}, "tsc": nil,
	"vitest": nil, "yarn": {"check", "lint", "test", "typecheck"},
}

func lookingCommand(words []string) bool {
	arguments, known := lookingCommands[words[0]]
	if !known || arguments != nil && (len(words) < 2 || !slices.Contains(arguments, words[1])) {
		return false
	}
	return !slices.ContainsFunc(words, changesSomething) && (words[0] != "sort" || !slices.Contains(words, "-o"))
}

// changesSomething reports whether an argument makes a program that looks, such as find, sed or sort, change something.
func changesSomething(argument string) bool {
	switch name := strings.TrimLeft(argument, "-"); {
	case name == argument:
		return false
	case name == "delete", name == "fix", name == "i", strings.HasPrefix(name, "in-place"), strings.HasPrefix(name, "output"):
		return true
	default:
		return strings.HasPrefix(name, "exec") || strings.HasPrefix(name, "ok") || strings.HasPrefix(name, "fprint") || strings.HasPrefix(name, "fls")
	}
}
