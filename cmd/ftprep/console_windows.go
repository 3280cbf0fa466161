package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// takesEscapes reports whether a terminal takes the escape sequences that colour text and erase lines. The Windows console does so
// only after it has been told to.
func takesEscapes(terminal *os.File) bool {
	const escapes = windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	console := windows.Handle(terminal.Fd())
	var mode uint32
	return windows.GetConsoleMode(console, &mode) == nil &&
		(mode&escapes == escapes || windows.SetConsoleMode(console, mode|escapes) == nil)
}
