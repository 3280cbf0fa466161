package sdk

import "hash/maphash"

// Traits are what rows made of an example show to a reader that infers a schema from the first of them.
type Traits struct {
	System, Calls, Results, Thinking, Words, Parallel, Masked bool

	Tool uint64 // a hash of the first tool that is called; 0: none. Different tools have different arguments.
}

var traitSeed = maphash.MakeSeed()

// Traits finds out what the item's example shows, without decoding it. What cannot be read shows nothing.
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
		case 7: // Message.weight, written only where it is 0
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

// Outline tells the task type of the item's example and the full names of the tools that it calls, one for each call, in
// order, without decoding the rest.
func (i Item) Outline() (taskType string, tools []string) {
	r := reader{rest: i.Example}
	for r.next() {
		switch r.number {
		case 6: // Example.task_type; of several the last one counts
			taskType = string(r.data)
		case 10: // Example.messages
			message := reader{rest: r.data}
			for message.next() {
				if message.number == 4 { // Message.calls
					tools = append(tools, calledTool(message.data))
				}
			}
		}
	}
	return taskType, tools
}

// calledTool is the full name of the tool of an encoded call.
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
