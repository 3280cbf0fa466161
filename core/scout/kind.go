package scout

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The kinds of logs, by the types of the sources that read them.
const (
	journal = "journal"
	claude  = "claude"
	discord = "discord"
)

// names are what drafts call the sources.
var names = map[string]string{journal: "notes", claude: "sessions", discord: "bot"}

// kindOf judges a file by its name, and a session by how it begins.
func kindOf(path string) string {
	base := strings.ToLower(filepath.Base(path))
	switch {
	case strings.HasSuffix(base, ".md") || strings.HasSuffix(base, ".markdown"):
		return journal
	case !strings.HasSuffix(base, ".jsonl"):
		return ""
	case strings.HasPrefix(base, "conversations_"):
		return discord
	}
	head := head(path, 64<<10)
	if bytes.Contains(head, []byte(`"sessionId"`)) || bytes.Contains(head, []byte(`"leafUuid"`)) {
		return claude
	}
	return ""
}

// head reads the beginning of a file; one that cannot be read looks like no log.
func head(path string, size int64) []byte {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	data, _ := io.ReadAll(io.LimitReader(file, size))
	return data
}

var mcpCall = regexp.MustCompile(`"type":\s?"tool_use"[^}]{0,200}?"name":\s?"mcp__([A-Za-z0-9_-]+?)__`)

// Of each kind of log, this much is searched for MCP servers.
const (
	sampledFiles = 100
	sampledBytes = 4 << 20 // of each file
)

// sample counts the calls of MCP servers in a session.
func (f *Find) sample(path string) {
	if f.Source != claude || f.Files > sampledFiles {
		return
	}
	for _, match := range mcpCall.FindAllSubmatch(head(path, sampledBytes), -1) {
		f.Servers[string(match[1])]++
	}
}
