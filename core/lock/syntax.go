package lock

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsimple"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// document is the syntax of a lock file.
type document struct {
	Plugins []struct {
		Name      string `hcl:"name,label"`
		Version   string `hcl:"version"`
		Platforms []struct {
			Name  string   `hcl:"name,label"`
			Files []string `hcl:"files"`
		} `hcl:"platform,block"`
	} `hcl:"plugin,block"`
}

// head begins every lock file.
const head = `# Kept by ftprep: the plugins that the pipeline here has started, with the SHA-256 of their files. Other files are not
# started. Keep this file under version control; ftprep plugin lock accepts what has changed.
`

func parse(data []byte, path string) (map[string]*entry, error) {
	var d document
	if err := hclsimple.Decode(path, data, nil, &d); err != nil {
		return nil, err
	}
	plugins := map[string]*entry{}
	for _, plugin := range d.Plugins {
		e := &entry{version: plugin.Version, platforms: map[string][]Locked{}}
		for _, platform := range plugin.Platforms {
			for _, line := range platform.Files {
				file, err := parseLocked(line)
				if err != nil {
					return nil, fmt.Errorf("%s: plugin %q: %w", path, plugin.Name, err)
				}
				e.platforms[platform.Name] = append(e.platforms[platform.Name], file)
			}
		}
		plugins[plugin.Name] = e
	}
	return plugins, nil
}

func parseLocked(line string) (Locked, error) {
	sum, name, ok := strings.Cut(line, "  ")
	if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != 32 {
		return Locked{}, fmt.Errorf("%q is not a SHA-256 followed by the name of a file", line)
	}
	return Locked{Name: name, Sum: sum}, nil
}

func format(plugins map[string]*entry) []byte {
	file := hclwrite.NewEmptyFile()
	for _, name := range sortedKeys(plugins) {
		file.Body().AppendNewline()
		body := file.Body().AppendNewBlock("plugin", []string{name}).Body()
		body.SetAttributeValue("version", cty.StringVal(plugins[name].version))
		for _, platform := range sortedKeys(plugins[name].platforms) {
			var files []cty.Value
			for _, locked := range plugins[name].platforms[platform] {
				files = append(files, cty.StringVal(locked.String()))
			}
			body.AppendNewBlock("platform", []string{platform}).Body().SetAttributeValue("files", cty.ListVal(files))
		}
	}
	return append([]byte(head), file.Bytes()...)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
