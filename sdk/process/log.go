package process

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// A logLine is a line that a plugin wrote to standard error: JSON from log/slog or go-hclog, or any other text.
type logLine struct {
	level   slog.Level
	message string
	attrs   []any // keys and values
}

func parseLogLine(line string) logLine {
	plain := logLine{level: slog.LevelInfo, message: line}
	var fields map[string]any
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &fields) != nil {
		return plain
	}
	level, ok := take(fields, "level", "@level")
	message, also := take(fields, "msg", "message", "@message")
	if !ok || !also {
		return plain
	}
	parsed := logLine{level: parseLevel(level), message: message}
	for _, key := range []string{"time", "@timestamp", "plugin"} { // the host's log has its own
		delete(fields, key)
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		parsed.attrs = append(parsed.attrs, key, fields[key])
	}
	return parsed
}

// take removes the first of the named fields that is there and returns its text.
func take(fields map[string]any, names ...string) (string, bool) {
	for _, name := range names {
		if text, ok := fields[name].(string); ok {
			delete(fields, name)
			return text, true
		}
	}
	return "", false
}

// parseLevel returns the level with a name of log/slog, go-hclog or Python. An unknown name means Info.
func parseLevel(name string) slog.Level {
	switch name = strings.ToUpper(name); name {
	case "WARNING":
		name = "WARN"
	case "CRITICAL", "FATAL":
		name = "ERROR"
	case "TRACE":
		name = "DEBUG"
	}
	var level slog.Level
	if level.UnmarshalText([]byte(name)) != nil {
		return slog.LevelInfo
	}
	return level
}

// conceal hides secrets in the line. It works on the parsed line, because secrets are quoted in JSON, and hiding them
// could make the JSON invalid.
func (l *logLine) conceal(words *secrets.Words) {
	l.message = words.Hide(l.message)
	for i := range l.attrs {
		l.attrs[i] = words.HideValue(l.attrs[i])
	}
}

func (l logLine) log(log *slog.Logger, plugin string) {
	log.Log(context.Background(), l.level, l.message, append([]any{"plugin", plugin}, l.attrs...)...)
}

func (l logLine) String() string {
	text := l.message
	for i := 0; i < len(l.attrs); i += 2 {
		text += fmt.Sprintf(" %v=%v", l.attrs[i], l.attrs[i+1])
	}
	return text
}

// A lineWriter passes what is written to it to take, line by line. A very long line comes in pieces.
type lineWriter struct {
	take func(string)
	rest []byte
}

const longestLine = 64 << 10

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		if end < 0 {
			break
		}
		w.take(strings.TrimRight(string(w.rest[:end]), "\r"))
		w.rest = w.rest[end+1:]
	}
	if len(w.rest) > longestLine {
		w.flush()
	}
	return len(p), nil
}

func (w *lineWriter) flush() {
	if len(w.rest) > 0 {
		w.take(string(w.rest))
	}
	w.rest = nil
}
