package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

const (
	scopeExample = "example"
	scopeSession = "session"
	scopeRun     = "run"
)

// names gives placeholders to values: in an example they are counted, in a session or a run they are made of a digest of
// the value, which needs no memory and is the same in any order.
type names struct {
	key   []byte // nil: count
	known map[string]string
	last  map[string]int // the last number of each kind and rule
}

func newNames(o options, session string) *names {
	n := &names{known: map[string]string{}, last: map[string]int{}}
	switch o.Scope {
	case scopeSession:
		n.key = digest([]byte(o.Key), "session", session)
	case scopeRun:
		n.key = digest([]byte(o.Key), "run")
	}
	return n
}

func digest(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return h.Sum(nil)
}

// digestLength is how many bytes of a digest a placeholder shows.
const digestLength = 4

// placeholder returns the placeholder of a value.
func (n *names) placeholder(f detect.Finding, value string) string {
	if f.Kind == detect.Email || f.Kind == detect.Name || f.Kind == detect.Author {
		value = norm.NFC.String(strings.ToLower(strings.Join(strings.Fields(value), " ")))
	}
	class, kind := className(f), strings.ToUpper(string(f.Kind))
	id := kind + "\x00" + value // whatever rules find it; a secret is named by the first one
	if n.key != nil {
		id = class + "\x00" + value // so that the order does not matter; the digest is the same
	}
	if f.Number {
		id += "\x00" + strconv.Itoa(len(value))
	}
	if known, ok := n.known[id]; ok {
		return known
	}
	var placeholder string
	if n.key != nil {
		placeholder = formatPlaceholder(f, class, value, digest(n.key, kind, value))
	} else {
		n.last[class]++
		placeholder = formatPlaceholder(f, class, value, n.last[class])
	}
	n.known[id] = placeholder
	return placeholder
}

// className returns what is counted apart: the kind, and of secrets the rule as well.
func className(f detect.Finding) string {
	class := strings.ToUpper(string(f.Kind))
	if f.Kind == detect.Secret {
		class += ":" + f.Rule
	}
	return class
}

// formatPlaceholder writes a placeholder with a number or a digest.
func formatPlaceholder(f detect.Finding, class, value string, tag any) string {
	count, counted := tag.(int)
	sum, _ := tag.([]byte)
	switch {
	case f.Number && counted:
		return standIn(len(value), big.NewInt(int64(count)))
	case f.Number:
		return standIn(len(value), new(big.Int).SetBytes(sum))
	case f.Kind == detect.Home && counted && count == 1:
		return "user"
	case f.Kind == detect.Home && counted:
		return fmt.Sprintf("user%d", count)
	case f.Kind == detect.Home:
		return "user" + hex.EncodeToString(sum[:digestLength])
	case counted:
		return fmt.Sprintf("<%s:%d>", class, count)
	}
	return fmt.Sprintf("<%s:%s>", class, hex.EncodeToString(sum[:digestLength]))
}

// standInPrefix begins every number that stands for another.
const standInPrefix = "10000000000"

func standIn(length int, n *big.Int) string {
	room := max(length-len(standInPrefix), 1)
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(room)), nil)
	return fmt.Sprintf("%s%0*s", standInPrefix, room, new(big.Int).Mod(n, limit))
}

// reserve notes a placeholder that a text held already, so that no other value gets it.
func (n *names) reserve(placeholder string) {
	class, number, _ := cutLast(strings.Trim(placeholder, "<>"), ':')
	if count, err := strconv.Atoi(number); err == nil {
		n.last[class] = max(n.last[class], count)
	}
}

func cutLast(text string, sep byte) (before, after string, found bool) {
	at := strings.LastIndexByte(text, sep)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+1:], true
}
