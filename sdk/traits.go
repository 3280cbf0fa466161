package sdk

import "hash/maphash"

// Traits say what the rows made of an example contain, as seen by a program that infers a schema from the first rows of a
// file.
type Traits struct {
	System, Calls, Results, Thinking, Words, Parallel, Masked bool

	Tool uint64 // a hash of the first tool that is called, for different tools have different arguments; 0: none is called
}

var traitSeed = maphash.MakeSeed()

// Traits returns the traits of the item's example without decoding it. Parts that cannot be read are passed over.
func (i Item) Traits() Traits {
	var t Traits
	r := reader{rest: i.Example}
	for r.next() {
		switch r.number {
		case 7: // Example.system
			t.System = t.System || len(r.data) > 0
		case 10: // Example.messages
			t.message(r.data)
		}
	}
	return t
}

func (t *Traits) message(message []byte) {
	calls := 0
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 3: // Message.thinking
			t.Thinking = t.Thinking || len(r.data) > 0
		case 4: // Message.calls
			calls++
			t.call(r.data)
		case 5: // Message.call_id
			t.Results = true
		case 7: // Message.weight, which is written only if it is 0
			t.Masked = true
		}
	}
	t.Calls = t.Calls || calls > 0
	t.Parallel = t.Parallel || calls > 1
	t.Words = t.Words || calls == 0
}

func (t *Traits) call(call []byte) {
	r := reader{rest: call}
	for r.next() {
		if r.number == 3 && t.Tool == 0 { // Call.tool
			t.Tool = maphash.Bytes(traitSeed, r.data) | 1
		}
	}
}

// An Outline is what can be told of an example without decoding it as a whole.
type Outline struct {
	TaskType string
	Labels   []string
	Model    string   // of its provenance
	Tools    []string // the full names of the tools that it calls, one for each call, in order
}

// Outline returns the outline of the item's example.
func (i Item) Outline() (o Outline) {
	r := reader{rest: i.Example}
	for r.next() {
		switch r.number { // if a text occurs several times, the last one counts
		case 6: // Example.task_type
			o.TaskType = string(r.data)
		case 10: // Example.messages
			o.Tools = appendTools(o.Tools, r.data)
		case 16: // Example.labels
			o.Labels = append(o.Labels, string(r.data))
		case 20: // Example.provenance
			provenance := reader{rest: r.data}
			for provenance.next() {
				if provenance.number == 11 { // Provenance.model
					o.Model = string(provenance.data)
				}
			}
		}
	}
	return o
}

// appendTools appends the full names of the tools that an encoded message calls.
func appendTools(tools []string, message []byte) []string {
	r := reader{rest: message}
	for r.next() {
		if r.number == 4 { // Message.calls
			tools = append(tools, calledTool(r.data))
		}
	}
	return tools
}

// calledTool returns the full name of the tool of an encoded call.
func calledTool(call []byte) string {
	var c Call
	r := reader{rest: call}
	for r.next() {
		switch r.number {
		case 2: // Call.server
			c.Server = string(r.data)
		case 3: // Call.tool
			c.Tool = string(r.data)
		}
	}
	return c.FullName()
}
