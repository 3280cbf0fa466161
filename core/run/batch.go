package run

// batchBytes is how much is asked for on one stream: enough for a stream to cost little beside it.
const batchBytes = 8 << 20

// batches parts units, in order, into those that are read on one stream: small ones of one source. Enough batches are left
// for every reader to have something to do until the end.
func batches(units []Unit, parallel int) [][]Unit {
	const share = 4 // of the units of one reader
	most := len(units) / (share * parallel)
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
