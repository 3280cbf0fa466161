package sdktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestAMisspeltFieldOfACaseIsToldInsteadOfLeftOut(t *testing.T) {
	var example sdk.Example
	require.NoError(t, parseStrictly([]byte(`{"Messages":[{"Role":"user","Text":"hello"}]}`), &example))
	require.Equal(t, sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "hello"}}}, example)
	err := parseStrictly([]byte(`{"Messages":[{"Role":"user","Content":"hello"}]}`), &example)
	require.ErrorContains(t, err, `unknown field "Content"`)
	err = parseStrictly([]byte(`[{"name":"look","inputSchema":{}}]`), &[]sdk.ToolDefinition{})
	require.ErrorContains(t, err, `unknown field "inputSchema"`)
}
