package scout

import (
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

// The kinds of logs, by the types of the sources that read them.
const (
	journal = "journal"
	claude  = "claude"
	discord = "discord"
)

// names are the names of the sources in drafts, by kind.
var names = map[string]string{journal: "notes", claude: "sessions", discord: "bot"}

// recordsEnding is the ending of logs with a record a line.
const recordsEnding = ".jsonl"

func mayBeLog(path string) bool {
	plain, packing := packed.SplitEnding(path)
	ending := strings.ToLower(filepath.Ext(plain))
	return ending == recordsEnding || packing == "" && (ending == ".md" || ending == ".markdown")
}

// kindOf returns the kind of a log by its name, or of a session by its beginning. It is empty if the file is no log.
func kindOf(path string) (string, error) {
	plain, _ := packed.SplitEnding(path)
	base := strings.ToLower(filepath.Base(plain))
	switch {
	case !mayBeLog(path):
		return "", nil
	case filepath.Ext(base) != recordsEnding:
		return journal, nil
	case strings.HasPrefix(base, "conversations_"):
		return discord, nil
	}
	head, err := head(path, 64<<10)
	if bytes.Contains(head, []byte(`"sessionId"`)) || bytes.Contains(head, []byte(`"leafUuid"`)) {
		return claude, nil
	}
	return "", err
}

// head reads the beginning of a file, which may be compressed.
func head(path string, size int64) ([]byte, error) {
	file, err := packed.Open(sdk.File{Path: path})
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, size))
}

var mcpCall = regexp.MustCompile(`"type":\s?"tool_use"[^}]{0,200}?"name":\s?"mcp__([A-Za-z0-9_-]+?)__`)

// How much of the sessions is searched for MCP servers.
const (
	sampledFiles = 100
	sampledBytes = 4 << 20 // of each file
)

// sample counts the calls of MCP servers in a session.
func (f *Find) sample(path string) {
	if f.Source != claude || f.Files > sampledFiles {
		return
	}
	head, _ := head(path, sampledBytes) // kindOf could read its beginning
	for _, match := range mcpCall.FindAllSubmatch(head, -1) {
		f.Servers[string(match[1])]++
	}
}
