// Package baseline compares package detect with gitleaks' own engine: what it finds, and how fast it is. It is a module of
// its own, so that nothing else needs that engine and what comes with it.
package baseline

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	gitleaks "github.com/zricethezav/gitleaks/v8/detect"

	"github.com/ftprep/ftprep/plugins/redact/detect"
	"github.com/ftprep/ftprep/sdk"
)

// transcripts is the environment variable that names a folder with lines of JSON.
const transcripts = "FTPREP_TRANSCRIPTS"

// texts returns the strings in the lines of JSON in a folder.
func texts(t testing.TB) []string {
	folder := os.Getenv(transcripts)
	if folder == "" {
		t.Skip(transcripts + " names no folder with lines of JSON")
	}
	var all []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".jsonl" {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		for line, err := range sdk.Lines(file) {
			var value any
			if err == nil && json.Unmarshal(line.Text, &value) == nil {
				all = appendStrings(all, value)
			}
		}
		return nil
	}))
	require.NotEmpty(t, all)
	return all
}

// appendStrings appends the strings of 40 bytes or more in a JSON value.
func appendStrings(all []string, value any) []string {
	switch value := value.(type) {
	case string:
		if len(value) >= 40 {
			all = append(all, value)
		}
	case []any:
		for _, element := range value {
			all = appendStrings(all, element)
		}
	case map[string]any:
		for _, element := range value {
			all = appendStrings(all, element)
		}
	}
	return all
}

func engine(t testing.TB) *gitleaks.Detector {
	d, err := gitleaks.NewDetectorDefaultConfig()
	require.NoError(t, err)
	d.IgnoreGitleaksAllow = true
	return d
}

// judgedOtherwise are rules of gitleaks that call values secrets although package detect may judge them otherwise.
var judgedOtherwise = map[string]bool{"generic-api-key": true, "kubernetes-secret-yaml": true, "sourcegraph-access-token": true, "curl-auth-header": true, "curl-auth-user": true}

// What gitleaks finds by the rules that both have, detect finds as well, in real texts with secrets planted at many places.
func TestFindsWhatGitleaksFinds(t *testing.T) {
	theirs := engine(t)
	ours, err := detect.New(detect.Options{})
	require.NoError(t, err)
	for i, text := range texts(t) {
		if i%20 != 0 {
			continue
		}
		for j, secret := range secrets {
			at := len(text) * ((i + j) % 7) / 7
			text = text[:at] + "\n" + secret + "\n" + text[at:]
		}
		found := ours.Find(text)
		for _, finding := range theirs.DetectString(text) {
			if judgedOtherwise[finding.RuleID] {
				continue
			}
			covered := false
			for _, f := range found {
				covered = covered || strings.Contains(text[f.Start:f.End], finding.Secret) || strings.Contains(finding.Secret, text[f.Start:f.End])
			}
			require.True(t, covered, "%s: %q", finding.RuleID, finding.Match)
		}
	}
}

var secrets = []string{
	"AKIAQ3EGRT4W6XPL2M7N", "glpat-q8Zr2LmX5vT0bNcY7wKd", "dop_v1_9f3c71e08b5d42a6c8e1f70394ab6d529f3c71e08b5d42a6c8e1f70394ab6d52",
	"airtable_key = q8zr2lmx5vt0bncy7", "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", "twitch_token: 'q8zr2lmx5vt0bncy7wkd3hsj9fgp1a'",
	"datadog_api = \"q8zr2lmx5vt0bncy7wkd3hsj9fgp1aeui4roq8zr\"", "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", "lin_api_q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr",
	"PMAK-9f3c71e08b5d42a6c8e1f703-94ab6d529f3c71e08b5d42a6c8e1f70394", "okta_token='00q8Zr2LmX5vT0bNcY7wKd3HsJ9fGp1AeUi4Roq8Zr'", "dapi9f3c71e08b5d42a6c8e1f70394ab6d52",
}

func BenchmarkDetect(b *testing.B) {
	d, err := detect.New(detect.Options{})
	require.NoError(b, err)
	benchmark(b, func(text string) { d.Find(text) })
}

func BenchmarkGitleaks(b *testing.B) {
	d := engine(b)
	benchmark(b, func(text string) { d.DetectString(text) })
}

func benchmark(b *testing.B, find func(string)) {
	all := texts(b)
	size := 0
	for _, text := range all {
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range all {
			find(text)
		}
	}
}
