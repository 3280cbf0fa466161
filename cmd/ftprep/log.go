package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// logFile takes what plugins write to standard error. An earlier log stays until there is something to write. If the file cannot
// be written, the text is lost, because a log must not keep a command from its work.
type logFile struct {
	path string

	mu   sync.Mutex
	file *os.File
	size int
}

// longestLog is the greatest size of a log in bytes: a plugin that writes without end must not fill the disk.
const longestLog = 16 << 20

// newLogFile returns the log in a folder.
func newLogFile(folder string) *logFile {
	return &logFile{path: filepath.Join(folder, "plugins.log")}
}

// logger returns a logger that writes to the log.
func (l *logFile) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// written reports whether anything was written.
func (l *logFile) written() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file != nil
}

func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
			return 0, err
		}
		file, err := os.OpenFile(l.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return 0, err
		}
		l.file = file
	}
	full := l.size > longestLog
	if l.size += len(p); full {
		return len(p), nil
	}
	if l.size > longestLog {
		p = append(p[:len(p):len(p)], "the log is full; what plugins wrote after this is lost\n"...)
	}
	_, err := l.file.Write(p)
	return len(p), err
}

func (l *logFile) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		_ = l.file.Close()
	}
}
