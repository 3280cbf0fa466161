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

// logLine is what a plugin wrote to standard error: a line of log/slog's JSON, or of go-hclog's, or any other text.
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
	for _, key := range []string{"time", "@timestamp", "plugin"} { // the host's log says them
		delete(fields, key)
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		parsed.attrs = append(parsed.attrs, key, fields[key])
	}
	return parsed
}

// take removes the first of some fields that is there, and returns its text.
func take(fields map[string]any, names ...string) (string, bool) {
	for _, name := range names {
		if text, ok := fields[name].(string); ok {
			delete(fields, name)
			return text, true
		}
	}
	return "", false
}

// parseLevel knows the names of log/slog, go-hclog and Python; what it does not know is information.
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

// conceal hides secrets in the line: after it was parsed, for JSON quotes them, and what is hidden need not be JSON.
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

// lineWriter hands over what is written to it line by line; a very long line comes in pieces.
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
