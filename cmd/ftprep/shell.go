package main

import (
	"regexp"
	"strings"
)

// plainWord matches words that a POSIX shell takes as they are.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=@%+,-][A-Za-z0-9_./:=@%+,~-]*$`)

// shellWords writes words so that a POSIX shell reads the same ones.
func shellWords(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		if quoted[i] = word; !plainWord.MatchString(word) {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
