package formats

import (
	"errors"
	"fmt"

	"github.com/ftprep/ftprep/sdk"
)

// newUnifiedSource makes the source that reads back what the unified format wrote.
func newUnifiedSource(sdk.Setup, struct{}) (sdk.Source, error) {
	return newRowSource(rowFileExtensions, func() rowReading {
		known := toolsets{}
		return func(row []byte) (*sdk.Example, error) { return restored(row, known) }
	}, func(emitter *sdk.Emitter, l rowLine) error { return emitter.Restore(l.example, l.number) }), nil
}

func restored(row []byte, known toolsets) (*sdk.Example, error) {
	r, err := parseUnified(row)
	if errors.Is(err, errNoID) {
		return nil, fmt.Errorf("%w; to read rows that others wrote, use source \"dataset\"", err)
	}
	if err != nil {
		return nil, err
	}
	return r.example(known)
}
