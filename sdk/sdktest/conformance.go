package sdktest

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
)

// Conformance checks what every plugin must do, whatever its steps: see [conformance.Kit]. options holds the options to
// open steps with, as JSON objects by "KIND.TYPE"; steps with required options need them. input lists files and folders
// with logs that the plugin's sources know.
func Conformance(t *testing.T, plugin sdk.Plugin, options map[string]string, input ...string) {
	t.Helper()
	require.NoError(t, plugin.Validate())
	kit := conformance.Kit{Options: options, Start: starter(t, plugin)}
	for _, path := range input {
		absolute, err := filepath.Abs(path)
		require.NoError(t, err)
		kit.Input = append(kit.Input, absolute)
	}
	kit.Run(t.Context(), reporter{t})
}

func starter(t *testing.T, plugin sdk.Plugin, options ...grpc.ServerOption) func(context.Context) (*conformance.Instance, error) {
	return func(context.Context) (*conformance.Instance, error) {
		client, stop := serve(t, plugin, options...)
		return &conformance.Instance{
			Client:  client,
			Explain: func(err error) error { return err },
			Stop:    func(context.Context) error { stop(); return nil },
		}, nil
	}
}

// A reporter runs a subtest for each check.
type reporter struct{ *testing.T }

func (r reporter) Checked(name string, faults []string) {
	r.Run(name, func(t *testing.T) {
		for _, fault := range faults {
			t.Error(fault)
		}
	})
}
