package plan

import (
	"fmt"
	"strconv"
	"strings"
)

// byteUnits are the units of an amount of memory.
var byteUnits = map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

// parseBytes reads an amount of memory such as "512MiB".
func parseBytes(text string) (int64, error) {
	for unit, size := range byteUnits {
		number, ok := strings.CutSuffix(text, unit)
		if !ok {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 32); err == nil && n > 0 {
			return n * size, nil
		}
	}
	return 0, fmt.Errorf("%q is no amount of memory: write a whole number of KiB, MiB or GiB, such as \"512MiB\"", text)
}
