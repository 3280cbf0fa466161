package plan

import (
	"context"
	"errors"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// fakeCatalog knows four built-in plugins and some others. Any other plugin, such as broken, does not start.
type fakeCatalog struct{}

func (fakeCatalog) Builtins() []sdk.Plugin {
	return []sdk.Plugin{
		fakePlugin("logs", fakeSource[none]("journal"), fakeSource[depth]("claude")),
		fakePlugin("redact", fakeFilter[none]("redact")),
		fakePlugin("filters", fakeFilter[score]("quality"), fakeFilter[rules]("label"), fakeKeyer("dedup")),
		fakePlugin("formats", fakeFormat[none]("unified"), fakeFormat[none]("chatml")),
	}
}

func (c fakeCatalog) Describe(_ context.Context, plugin Plugin) (sdk.Plugin, error) {
	switch plugin.Name {
	case "sharegpt":
		return fakePlugin("sharegpt", fakeFormat[shareGPT]("sharegpt"), fakeFormat[none]("chatml")), nil
	case "thief":
		return fakePlugin("thief", sdk.Step{Kind: "format", Type: "odd", Doc: "Of no kind."}, fakeFormat[stolen]("thief"), fakeSource[period]("thief")), nil
	case "placed":
		return fakePlugin("placed", fakeFilter[placed]("placed")), nil
	case "misfit":
		return fakePlugin("misfit", fakeFilter[none]("odd"), fakeSource[none]("even")), nil
	case "filters", "formats":
		if !plugin.Builtin {
			return fakePlugin(plugin.Name, fakeFilter[none]("mine")), nil
		}
	}
	for _, builtin := range c.Builtins() {
		if plugin.Builtin && builtin.Name == plugin.Name {
			return builtin, nil
		}
	}
	return sdk.Plugin{}, errors.New(`plugin "` + plugin.Name + `": not found`)
}

func fakePlugin(name string, steps ...sdk.Step) sdk.Plugin {
	return sdk.Plugin{Name: name, Version: "1", Doc: "A fake.", Steps: steps}
}

type none struct{}

type depth struct {
	Depth int `option:"depth" doc:"How deep." min:"1"`
}

type score struct {
	Min float64 `option:"min_score" doc:"The least score." default:"0.5" min:"0" max:"1"`
}

type rules struct {
	Rules []struct {
		Tool     string   `option:"tool" doc:"A glob."`
		TaskType string   `option:"task_type,required" doc:"What it is." one_of:"loop_command,simple_command"`
		Tags     []string `option:"tags" doc:"What to add."`
	} `option:"rule" doc:"One rule."`
}

type shareGPT struct {
	Turns  int               `option:"max_turns" doc:"How many turns." min:"1"`
	Wait   time.Duration     `option:"wait" doc:"How long."`
	Strict bool              `option:"strict" doc:"Whether."`
	Token  string            `option:"token,secret" doc:"Not for others." one_of:"abc,def"`
	Names  map[string]string `option:"names" doc:"What to call roles."`
	Map    sdk.Path          `option:"map" doc:"A file."`
	Extra  []sdk.Path        `option:"extra" doc:"Files."`
	Login  []struct {
		Pin  int           `option:"pin" doc:"A number." min:"1000"`
		Wait time.Duration `option:"wait" doc:"How long."`
	} `option:"login,secret" doc:"Who."`
	Old string `option:"old" doc:"As before." deprecated:"use names"`
}

type stolen struct {
	System string `option:"system" doc:"Not its own."`
}

type placed struct {
	Map   sdk.Path   `option:"map" doc:"A file." default:"map.json"`
	Extra []sdk.Path `option:"extra" doc:"Files." default:"a.json,more/*.json"`
	Key   sdk.Path   `option:"key,secret" doc:"Nobody may know where it is."`
}

type period struct {
	Since string `option:"since" doc:"Not its own."`
	Most  int    `option:"max_units" doc:"Not its own."`
	Path  string `option:"path" doc:"Not its own, and of another type."`
}

func fakeSource[O any](typ string) sdk.Step {
	return sdk.NewSource(typ, "A source.", func(sdk.Setup, O) (sdk.Source, error) { return nil, nil })
}

func fakeFilter[O any](typ string) sdk.Step {
	return sdk.NewFilter(typ, "A filter.", func(sdk.Setup, O) (sdk.Filter, error) { return nil, nil })
}

func fakeKeyer(typ string) sdk.Step {
	return sdk.NewKeyer(typ, "A filter.", func(sdk.Setup, none) (sdk.Keyer, error) { return nil, nil })
}

func fakeFormat[O any](typ string) sdk.Step {
	return sdk.NewFormat(typ, "A format.", sdk.Holds{}, func(sdk.Setup, O) (sdk.Format, error) { return nil, nil })
}
