package tokens

import (
	"embed"
	"fmt"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/unicode/norm"
)

// The built-in vocabularies are made from tokenizer.json files; vocabularies/README.md names their sources and licences.
//
//go:generate go run compact.go $QWEN vocabularies/qwen.zst
//go:generate go run compact.go $CL100K vocabularies/cl100k.zst
//go:generate go run compact.go $O200K vocabularies/o200k.zst

//go:embed vocabularies/*.zst
var files embed.FS

// A vocabulary is what a built-in tokenizer is made of. Its file is read when it is opened, so that it costs a program that
// counts nothing no time.
type vocabulary struct {
	file      string
	normalize func(string) string
	pattern   string
	special   []string
}

var vocabularies = map[string]vocabulary{
	"qwen": {
		file:      "qwen.zst",
		normalize: unicodeForm(norm.NFC),
		pattern:   qwenPattern,
		special: []string{
			"<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
			"<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
			"<|image_pad|>", "<|video_pad|>", "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>",
			"<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>",
			"<think>", "</think>", // the last four: Qwen3 only
		},
	},
	"cl100k": {
		file:    "cl100k.zst",
		pattern: cl100kPattern,
		special: []string{"<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|endofprompt|>"},
	},
	"o200k": {
		file:    "o200k.zst",
		pattern: o200kPattern,
		special: []string{"<|endoftext|>", "<|endofprompt|>"},
	},
}

func (v *vocabulary) open() (*Tokenizer, error) {
	packed, err := files.ReadFile("vocabularies/" + v.file)
	if err != nil {
		return nil, fmt.Errorf("open a built-in vocabulary: %w", err)
	}
	merges, err := unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("read the built-in vocabulary %s: %w", v.file, err)
	}
	model := &bpe{merges: merges}
	for b := range model.bytes {
		model.bytes[b] = int32(b)
	}
	var special []addedToken
	for _, content := range v.special {
		special = append(special, addedToken{Content: content})
	}
	return &Tokenizer{
		added:     newAdded(special),
		normalize: v.normalize,
		split:     splitWords(words[v.pattern]),
		model:     model,
		memory:    newMemory(),
	}, nil
}

// unpack reads a file that compact.go wrote: six planes of bytes, compressed together with zstd. Merge number i has rank i
// and makes symbol 256+i; symbols below 256 are bytes. Each plane has a byte for each merge: the left symbols' high, middle
// and low bytes, then the right symbols'.
func unpack(packed []byte) (merges, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return merges{}, err
	}
	defer decoder.Close()
	planes, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return merges{}, err
	}
	n := len(planes) / 6
	table := newMerges(n)
	for i := range n {
		symbol := func(plane int) int32 {
			return int32(planes[plane*n+i])<<16 | int32(planes[(plane+1)*n+i])<<8 | int32(planes[(plane+2)*n+i])
		}
		table.add(symbol(0), symbol(3), uint32(i), int32(256+i))
	}
	return table, nil
}
