package redact

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) { sdktest.Conformance(t, Plugin, nil) }

func TestBadOptionsAreNamed(t *testing.T) {
	for _, test := range []struct{ options, option, reason string }{
		{`{"kinds": ["names"]}`, "kinds", `"names" is not one of secret, email, phone, card, iban, ip, home, discord, author, name`},
		{`{"scope": "run"}`, "scope", `"run" needs a key, such as key = env("FTPREP_REDACT_KEY"): without one, short values could be found by trying`},
		{`{"allow": ["("]}`, "allow", "error parsing regexp: missing closing ): `(`"},
		{`{"block": ["a", "["]}`, "block", "error parsing regexp: missing closing ]: `[`"},
		{`{"rules": "/nowhere.toml"}`, "rules", "open /nowhere.toml: no such file or directory"},
		{`{"rule": [{"id": "mine", "regex": "a(?!b)"}]}`, "rule", "rule \"mine\": error parsing regexp: invalid or unsupported Perl syntax: `(?!`"},
		{`{"rule": [{"id": "mine", "regex": "x", "keywords": ["a"]}]}`, "rule", `rule "mine": the keyword "a" is shorter than two letters`},
	} {
		t.Run(test.options, func(t *testing.T) {
			_, err := Open(test.options)
			var problem *sdk.OptionError
			require.ErrorAs(t, err, &problem)
			require.Equal(t, test.option, problem.Option)
			require.Equal(t, test.reason, problem.Reason)
		})
	}
}
