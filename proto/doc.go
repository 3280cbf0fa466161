// Package proto holds the contract between the host and its plugins, in ftprep/v1. The comments of its .proto files are
// the manual for plugins in other languages. The generated Go code lies beside them; only package sdk imports it.
package proto

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.75.0 generate
