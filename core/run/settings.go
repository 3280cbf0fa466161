package run

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
)

// longestSetting is how long the value of an option may be to be recorded, in bytes of JSON.
const longestSetting = 200

// settings returns the options of all blocks, as far as they can be recorded. It leaves out those of redact filters, which say
// what nobody should read.
func (x *execution) settings() map[string]record.Settings {
	all := map[string]record.Settings{}
	if declared := x.plan.Tools; declared != nil {
		definitions, _ := json.Marshal(declared.Tools) // schemas are JSON
		all[record.SettingTools] = record.Settings{
			"declared":    json.RawMessage(strconv.Itoa(len(declared.Tools))),
			"definitions": json.RawMessage(fmt.Sprintf(`"SHA-256 %.8x"`, sha256.Sum256(definitions))),
		}
	}
	for _, source := range x.plan.Sources {
		settings := x.settingsOf(&source.Block)
		if n := x.options.MaxUnits; n > 0 && (source.MaxUnits == 0 || n < source.MaxUnits) {
			settings["max_units"] = json.RawMessage(strconv.Itoa(n)) // a dataset that the command line narrows is not the whole one
		}
		all[source.Address()] = settings
	}
	for _, filter := range x.plan.Filters {
		if !filter.Redacts() {
			all[filter.Address()] = x.settingsOf(&filter.Block)
		}
	}
	for _, output := range x.plan.Outputs {
		all[output.Address()] = x.settingsOf(&output.Block)
	}
	return all
}

// settingsOf returns the options of a block, redacted: somebody may have written a password where no secret belongs.
func (x *execution) settingsOf(block *plan.Block) record.Settings {
	settings := record.Settings{}
	for name, value := range block.PublicOptions() {
		value = x.maskedSetting(name, value)
		if len(value) > longestSetting {
			value = json.RawMessage(fmt.Sprintf(`"%d bytes, SHA-256 %.8x"`, len(value), sha256.Sum256(value)))
		}
		settings[name] = value
	}
	return settings
}

// maskedSetting redacts the value of an option together with its name, which may be all that gives a password away.
func (x *execution) maskedSetting(name string, value json.RawMessage) json.RawMessage {
	if x.options.Mask == nil {
		return value
	}
	var masked map[string]json.RawMessage
	text := x.options.Mask(fmt.Sprintf("{%q:%s}", name, value))
	if json.Unmarshal([]byte(text), &masked) != nil || masked[name] == nil {
		return json.RawMessage(`"redacted"`)
	}
	return masked[name]
}
