package secrets

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAShortWordIsNoSecret(t *testing.T) {
	var words Words
	words.Add("abc", "sesame", "")
	require.Equal(t, "abc (secret)!", words.Hide("abc sesame!"))
}

func TestEveryFormOfASecretIsHidden(t *testing.T) {
	var words Words
	words.Add("abc", "sesame", "open sesame", "-----BEGIN KEY-----\nMIIEvQIB\"ADAN\nAb==\n-----END KEY-----\n", "pin7\n")
	for text, want := range map[string]string{
		"abc and pin":              "abc and pin", // too short: hiding them would garble every text
		"PIN pin7":                 "PIN (secret)",
		"open sesame, or sesame":   "(secret), or (secret)",
		"the line MIIEvQIB\"ADAN":  "the line (secret)",
		"in JSON MIIEvQIB\\\"ADAN": "in JSON (secret)",
		fmt.Sprintf("as %q", "-----BEGIN KEY-----\nMIIEvQIB\"ADAN\nAb==\n-----END KEY-----"): `as "(secret)"`,
		"secret": "secret",
	} {
		require.Equal(t, want, words.Hide(text))
	}
}
