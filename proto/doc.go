// Package proto holds the contract between the host and its plugins: ftprep/v1, whose comments are the manual for
// plugins in other languages. The generated Go code lies beside the definitions; only package sdk imports it.
package proto

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.75.0 generate
