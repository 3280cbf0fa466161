package redact

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecretsAreHiddenInURLs(t *testing.T) {
	redacted := redactedTexts(t, "{}", `{}`, `DB_PASSWORD="Postgres?>2024kX"`, "p=Postgres%3F%3E2024kX&q", "p=Postgres%3F%3E2025kX")
	require.Equal(t, []string{"p=<SECRET:password:1>&q", "p=Postgres%3F%3E2025kX"}, redacted[2:])
}

// A password that was found by its name is hidden in base64 as well, wherever in a word it begins, and in either alphabet.
func TestSecretsAreHiddenInBase64(t *testing.T) {
	const told, value = "DB_PASSWORD=\"Postgres?>2024kX\"", "Postgres?>2024kX"
	for _, before := range []string{"", "a", "ab", "abc", "user:", "ü\x00"} {
		for _, after := range []string{"", ":1", "\n", "\xff\xfe\xfd"} {
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding} {
				word := encoding.EncodeToString([]byte(before + value + after))
				redacted := redactedTexts(t, "{}", `{"q":"it is `+word+`, "}`, told, "{\"data\": \""+word+"\", \"n\": 1}", "/x/y/"+word)
				require.Equal(t, `{"q":"it is <SECRET:password:1>, "}`, redacted[0], word)
				require.Equal(t, `{"data": "<SECRET:password:1>", "n": 1}`, redacted[2], word)
				require.Contains(t, redacted[3], "<SECRET:password:1>", word)
			}
		}
	}
	other := base64.StdEncoding.EncodeToString([]byte("Postgres?>2025kX"))
	require.Equal(t, other, redactedTexts(t, "{}", `{}`, told, other)[2])
}
