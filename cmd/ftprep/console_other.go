//go:build !windows

package main

import "os"

// takesEscapes reports whether a terminal takes the escape sequences that colour text and erase lines.
func takesEscapes(*os.File) bool { return true }
