package main

import (
	"testing"

	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestConformance(t *testing.T) { sdktest.Conformance(t, plugin, nil, "sample") }

func TestGolden(t *testing.T) { sdktest.Golden(t, plugin) }
