//go:build ignore

// Compact makes a built-in vocabulary from a Hugging Face tokenizer.json with a byte-level BPE:
//
//	go run compact.go tokenizer.json vocabularies/NAME.zst
//
// It writes only the merges; the pattern and the control tokens are in vocabulary.go. See unpack there for the format.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: go run compact.go tokenizer.json FILE.zst")
	}
	pairs, err := read(os.Args[1])
	if err != nil {
		log.Fatalf("reading %s: %v", os.Args[1], err)
	}
	var planes []byte
	for side := range 2 {
		for _, shift := range []int{16, 8, 0} {
			for _, pair := range pairs {
				planes = append(planes, byte(pair[side]>>shift))
			}
		}
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[2], encoder.EncodeAll(planes, nil), 0o644); err != nil {
		log.Fatal(err)
	}
}

// read returns the pairs of symbols that are merged, in order.
func read(path string) (pairs [][2]int, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Model struct {
			Type   string
			Merges []json.RawMessage
		}
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, err
	}
	symbols := alphabet()
	for i, raw := range file.Model.Merges {
		left, right, err := sides(raw)
		if err != nil {
			return nil, err
		}
		a, okA := symbols[left]
		b, okB := symbols[right]
		if _, twice := symbols[left+right]; !okA || !okB || twice {
			return nil, fmt.Errorf("merge %d (%s) does not make one new token of two known ones", i, raw)
		}
		pairs = append(pairs, [2]int{a, b})
		symbols[left+right] = 256 + i
	}
	return pairs, nil
}

// sides reads a merge, which older files write as "a b" and newer ones as ["a", "b"].
func sides(raw json.RawMessage) (left, right string, err error) {
	var pair [2]string
	if json.Unmarshal(raw, &pair) == nil {
		return pair[0], pair[1], nil
	}
	var joined string
	err = json.Unmarshal(raw, &joined)
	left, right, _ = strings.Cut(joined, " ")
	return left, right, err
}

// alphabet returns the bytes by the characters with which byte-level vocabularies write them: printable ones are written as
// themselves, the others from U+0100 on.
func alphabet() map[string]int {
	symbols, next := map[string]int{}, rune(256)
	for b := range 256 {
		r := rune(b)
		if b <= ' ' || b >= 127 && b <= 160 || b == 173 {
			r = next
			next++
		}
		symbols[string(r)] = b
	}
	return symbols
}
