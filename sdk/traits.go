package sdk

import (
	"hash/maphash"

	"google.golang.org/protobuf/encoding/protowire"
)

// Traits are what rows made of an example show to a reader that infers a schema from the first of them.
type Traits struct {
	System, Calls, Results, Thinking, Words, Parallel, Masked bool

	Tool uint64 // a hash of the first tool that is called; 0: none. Different tools have different arguments.
}

var traitSeed = maphash.MakeSeed()

// Traits finds out what the item's example shows, without decoding it. What cannot be read shows nothing.
func (i Item) Traits() Traits {
	var t Traits
	eachField(i.Example, func(field protowire.Number, value []byte) {
		switch field {
		case 7: // Example.system
			t.System = t.System || len(value) > 0
		case 10: // Example.messages
			t.message(value)
		}
	})
	return t
}

func (t *Traits) message(message []byte) {
	calls := 0
	eachField(message, func(field protowire.Number, value []byte) {
		switch field {
		case 3: // Message.thinking
			t.Thinking = t.Thinking || len(value) > 0
		case 4: // Message.calls
			calls++
			t.call(value)
		case 5: // Message.call_id
			t.Results = true
		case 7: // Message.weight, written only where it is 0
			t.Masked = true
		}
	})
	t.Calls = t.Calls || calls > 0
	t.Parallel = t.Parallel || calls > 1
	t.Words = t.Words || calls == 0
}

func (t *Traits) call(call []byte) {
	eachField(call, func(field protowire.Number, value []byte) {
		if field == 3 && t.Tool == 0 { // Call.tool
			t.Tool = maphash.Bytes(traitSeed, value) | 1
		}
	})
}

// Outline tells the task type of the item's example and the full names of the tools that it calls, one for each call, in
// order, without decoding the rest.
func (i Item) Outline() (taskType string, tools []string) {
	eachField(i.Example, func(field protowire.Number, value []byte) {
		switch field {
		case 6: // Example.task_type; of several the last one counts
			taskType = string(value)
		case 10: // Example.messages
			eachField(value, func(field protowire.Number, call []byte) {
				if field == 4 { // Message.calls
					tools = append(tools, calledTool(call))
				}
			})
		}
	})
	return taskType, tools
}

// calledTool is the full name of the tool of an encoded call.
func calledTool(call []byte) string {
	var c Call
	eachField(call, func(field protowire.Number, value []byte) {
		switch field {
		case 2: // Call.server
			c.Server = string(value)
		case 3: // Call.tool
			c.Tool = string(value)
		}
	})
	return c.FullName()
}

// eachField visits the fields of an encoded message; those that are no bytes have no value.
func eachField(message []byte, visit func(protowire.Number, []byte)) {
	for len(message) > 0 {
		f, n, err := consumeField(message)
		if err != nil {
			return
		}
		visit(f.number, f.data)
		message = message[n:]
	}
}
