package scaffold

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/ftprep/ftprep/sdk"
)

// Module is the path of ftprep's own module.
const Module = "github.com/ftprep/ftprep"

// CheckSDK returns an error that says why a folder is not a checkout of ftprep, or nil if it is one.
func CheckSDK(folder string) error {
	_, err := readModule(folder)
	return err
}

func readModule(folder string) (*modfile.File, error) {
	path := filepath.Join(folder, "go.mod")
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	module, err := modfile.Parse(path, data, nil)
	if err != nil {
		return nil, err
	}
	if module.Module == nil || module.Module.Mod.Path != Module {
		return nil, fmt.Errorf("%s is not the one of the module %s", path, Module)
	}
	return module, nil
}

// writeModule writes go.mod and go.sum with the modules that the SDK itself is built with, so that the plugin builds without
// a network.
func (p Plan) writeModule() error {
	checkout, err := readModule(p.SDK)
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(p.SDK, "go.sum"))
	if err != nil {
		return err
	}
	module := new(modfile.File)
	if err := module.AddModuleStmt("example.com/" + sdk.BinaryPrefix + p.Name); err != nil {
		return err
	}
	if err := module.AddGoStmt(checkout.Go.Version); err != nil {
		return err
	}
	module.AddNewRequire(Module, "v0.0.0", false)
	for _, required := range checkout.Require {
		module.AddNewRequire(required.Mod.Path, required.Mod.Version, true)
	}
	if err := module.AddReplace(Module, "", p.SDK, ""); err != nil {
		return err
	}
	content, err := module.Format()
	if err != nil {
		return err
	}
	if err := p.put("go.mod", content); err != nil {
		return err
	}
	return p.put("go.sum", sums)
}
