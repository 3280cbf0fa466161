package formats

import (
	"regexp"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// defaultTokens is the length of a training sequence if the output names none. Tool transcripts are long; the
// trainers' own defaults of 1024 and 2048 would cut most of them.
const defaultTokens = 8192

// shard matches the part of a file's name that tells the shards of an output apart.
var shard = regexp.MustCompile(`-[0-9]{5}-of-[0-9]{5}$`)

var qwen2 = regexp.MustCompile(`(?i)qwen-?2(?:\.5)?\b`)

// olderQwen reports whether a model is called Qwen2 or Qwen2.5, whose chat template has no place for thoughts.
func olderQwen(model string) bool { return qwen2.MatchString(model) }

// stem returns what the names of an output's files have in common, without their extensions.
func stem(written []sdk.WrittenFile) string {
	if len(written) == 0 {
		return "train"
	}
	return shard.ReplaceAllString(withoutExtensions(written[0].Name), "")
}

// ofSplit returns the files of one split. The split of files to train on is empty.
func ofSplit(split string, written []sdk.WrittenFile) []sdk.WrittenFile {
	return slices.DeleteFunc(slices.Clone(written), func(f sdk.WrittenFile) bool { return f.Split != split })
}

// withoutExtensions returns a file's name without its extensions.
func withoutExtensions(name string) string {
	for {
		switch last := extension(name); last {
		case ".jsonl", ".json", ".gz", ".zst", ".parquet", ".txt":
			name = name[:len(name)-len(last)]
		default:
			return name
		}
	}
}

// quoteYAML writes a string in double quotes, in which YAML reads it as JSON does.
func quoteYAML(text string) string { return string(appendQuoted(nil, text)) }
