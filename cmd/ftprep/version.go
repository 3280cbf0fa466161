package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/sdk/process"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show the version and build", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			build := buildInformation()
			return a.printResult(build, func(w io.Writer) {
				fmt.Fprintf(w, "ftprep %s (%s, plugin protocol %d)\n", build.Release, build.Go, build.Protocol)
			})
		},
	}
}

// build says how this program was built.
type build struct {
	Version  int    `json:"version"` // of this document
	Release  string `json:"release"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Protocol int    `json:"plugin_protocol"`
}

func buildInformation() build {
	b := build{Version: 1, Release: "development", Protocol: process.ProtocolVersion}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		b.Release = info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			b.Revision = setting.Value
		}
	}
	return b
}
