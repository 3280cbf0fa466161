package sdk

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func TestTheEncodingOfItemsIsThatOfAllAndNothingElse(t *testing.T) {
	items := []Item{{ID: "1", Opening: "o", Source: "s", Type: TypeDirectExecution, Example: []byte("first")}, {ID: "2", Example: []byte("second")}}
	encode := func(frame *ftprepv1.Frame, items []Item) []byte {
		data, err := (&framed{field: responseFrame, frame: frame, items: items, rest: &ftprepv1.ReadResponse{}}).appendTo(nil)
		require.NoError(t, err)
		return data
	}
	parse := func(data []byte) ReadFrame {
		message := newReadMessage()
		require.NoError(t, message.parse(data))
		return readFrameOf(message)
	}
	plain, none := encode(&ftprepv1.Frame{}, items), encode(&ftprepv1.Frame{}, nil)
	rejects := encode(&ftprepv1.Frame{Rejects: []*ftprepv1.Reject{{Cause: "c"}}}, items)

	require.Equal(t, AppendItems(nil, items), parse(plain).Encoding())
	for name, data := range map[string][]byte{
		"a reject beside them":        rejects,
		"two frames of one message":   slices.Concat(plain, plain),
		"a frame behind that is bare": slices.Concat(plain, none),
		"a frame before that is bare": slices.Concat(none, plain),
	} {
		frame := parse(data)
		require.Nil(t, frame.Encoding(), name)
		require.NotEmpty(t, frame.Items, name)
	}
	require.Nil(t, ReadFrame{Items: items}.Encoding())
}
