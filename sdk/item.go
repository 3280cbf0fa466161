package sdk

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// An Item is an encoded example together with the fields by which the host routes it.
type Item struct {
	ID      string
	Opening string // [Identity].Opening
	Alias   string // [Identity].Alias
	Source  string
	Type    Type
	Quality *float64
	Split   string
	Toolset string // hash
	Example []byte // never changed, for the decoded example shares its memory
}

// NewItem encodes an example. The toolset that the item names must be sent separately.
func NewItem(e *Example) Item {
	toolset := e.Toolset.Hash()
	return newItem(e, toolset, e.appendNaming(toolset, make([]byte, 0, e.sizeHint())))
}

// newItem returns the item for an example that is already encoded.
func newItem(e *Example, toolset string, encoded []byte) Item {
	return Item{
		ID: e.ID, Opening: e.Identity.Opening, Alias: e.Identity.Alias, Source: e.Source, Type: e.Type,
		Quality: e.Quality, Split: e.Split, Toolset: toolset, Example: encoded,
	}
}

// Decode decodes the item's example, without its toolset. The example's long texts share the item's memory.
func (i Item) Decode() (*Example, error) {
	example, err := decodeExample(i.Example)
	if err != nil {
		return nil, fmt.Errorf("decode example %s: %w", cmp.Or(i.ID, "without an id"), err)
	}
	return example, nil
}

func itemToWire(i Item) *ftprepv1.Item {
	return &ftprepv1.Item{
		Id: i.ID, Opening: i.Opening, Alias: i.Alias, Source: i.Source, Type: string(i.Type),
		Score: i.Quality, Split: i.Split, Toolset: i.Toolset, Example: i.Example,
	}
}

func itemFromWire(m *ftprepv1.Item) Item {
	return Item{
		ID: m.Id, Opening: m.Opening, Alias: m.Alias, Source: m.Source, Type: Type(m.Type),
		Quality: m.Score, Split: m.Split, Toolset: m.Toolset, Example: m.Example,
	}
}

// AppendItems appends the encoding of items, as in the message Frame of plugin.proto.
func AppendItems(data []byte, items []Item) []byte {
	w := writer{data}
	for i := range items {
		w.item(&items[i])
	}
	return w.data
}

// sizeItems returns how many bytes AppendItems appends.
func sizeItems(items []Item) (size int) {
	for i := range items {
		size += protowire.SizeTag(1) + protowire.SizeBytes(items[i].size())
	}
	return size
}

func (i *Item) size() int {
	size := sizeText(1, i.ID) + sizeText(2, i.Opening) + sizeText(4, i.Source) + sizeText(5, i.Type) +
		sizeText(7, i.Split) + sizeText(8, i.Toolset) + sizeText(9, i.Example) + sizeText(10, i.Alias)
	if i.Quality != nil {
		size += protowire.SizeTag(6) + protowire.SizeFixed64()
	}
	return size
}

func sizeText[T ~string | ~[]byte](field protowire.Number, text T) int {
	if len(text) == 0 {
		return 0
	}
	return protowire.SizeTag(field) + protowire.SizeBytes(len(text))
}

func (w *writer) item(i *Item) {
	w.data = protowire.AppendTag(w.data, 1, protowire.BytesType)
	w.data = protowire.AppendVarint(w.data, uint64(i.size()))
	w.text(1, i.ID)
	w.text(2, i.Opening)
	w.text(4, i.Source)
	w.text(5, string(i.Type))
	if i.Quality != nil {
		w.fixed(6, *i.Quality)
	}
	w.text(7, i.Split)
	w.text(8, i.Toolset)
	w.bytes(9, i.Example)
	w.text(10, i.Alias)
}

// ParseItems is the inverse of [AppendItems]. The examples of the items are parts of data, which must not be changed
// afterwards; they are not copied because every example passes here several times. The other fields of the items share no
// memory with data.
func ParseItems(data []byte) ([]Item, error) {
	items := make(itemList, 0, occurrences(data, 1))
	others, err := extractFields(data, 1, items.add)
	switch {
	case err != nil:
		return nil, err
	case len(others) > 0:
		return nil, errors.New("there are other fields among the items")
	}
	return items, nil
}

// An itemList is a list of items that grows as they are parsed.
type itemList []Item

// add parses an item and appends it. Its text fields are copies. The id, opening and alias have memory of their own, so
// that keeping one does not keep those of the whole frame; the others are mostly the same as in the item before and share
// its memory.
func (l *itemList) add(message []byte) error {
	var item, last Item
	if err := item.read(message); err != nil {
		return err
	}
	if n := len(*l); n > 0 {
		last = (*l)[n-1]
	}
	item.ID, item.Opening, item.Alias = strings.Clone(item.ID), strings.Clone(item.Opening), strings.Clone(item.Alias)
	share(&item.Source, last.Source)
	share(&item.Type, last.Type)
	share(&item.Split, last.Split)
	share(&item.Toolset, last.Toolset)
	*l = append(*l, item)
	return nil
}

func share[T ~string](text *T, last T) {
	if *text == last {
		*text = last
	} else {
		*text = T(strings.Clone(string(*text)))
	}
}

// read sets the fields of an item. They still share the memory of the message.
func (i *Item) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.view(&i.ID)
		case 2:
			r.view(&i.Opening)
		case 4:
			r.view(&i.Source)
		case 5:
			r.view((*string)(&i.Type))
		case 6:
			i.Quality = new(float64)
			r.float(i.Quality)
		case 7:
			r.view(&i.Split)
		case 8:
			r.view(&i.Toolset)
		case 9:
			r.bytes(&i.Example)
		case 10:
			r.view(&i.Alias)
		}
	}
	return r.err
}
