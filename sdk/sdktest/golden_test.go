package sdktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestAMisspeltFieldOfAnExampleIsToldInsteadOfLeftOut(t *testing.T) {
	example, err := parseExample(`{"Messages":[{"Role":"user","Text":"hello"}]}`)
	require.NoError(t, err)
	require.Equal(t, &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "hello"}}}, example)
	_, err = parseExample(`{"Messages":[{"Role":"user","Content":"hello"}]}`)
	require.ErrorContains(t, err, `unknown field "Content"`)
}
