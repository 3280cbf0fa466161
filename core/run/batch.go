package run

// batchBytes is about how much is read on one stream: so much that what a stream itself costs does not count.
const batchBytes = 8 << 20

// batches parts units, in order, into those that are read on one stream: small ones of one source. Enough batches are left
// for every reader to have something to do until the end.
func batches(units []Unit, parallel int) [][]Unit {
	const batchesPerReader = 4 // at least
	most := len(units) / (batchesPerReader * parallel)
	var all [][]Unit
	var batch []Unit
	bytes := int64(0)
	for _, unit := range units {
		size := unit.Bytes()
		if size == 0 { // unknown
			size = batchBytes
		}
		if len(batch) > 0 && (len(batch) >= most || bytes+size > batchBytes || unit.source != batch[0].source) {
			all = append(all, batch)
			batch, bytes = nil, 0
		}
		batch, bytes = append(batch, unit), bytes+size
	}
	if len(batch) > 0 {
		all = append(all, batch)
	}
	return all
}
