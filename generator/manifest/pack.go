package manifest

import (
	"math"
	"reflect"

	"github.com/fxamacker/cbor/v2"
)

// Objects are packed as CBOR, which tells integers from other numbers.
var packer, unpacker = modes()

func modes() (cbor.EncMode, cbor.DecMode) {
	packer, err := cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.EncMode()
	if err != nil {
		panic(err)
	}
	unpacker, err := cbor.DecOptions{
		DefaultMapType: reflect.TypeFor[map[string]any](), IntDec: cbor.IntDecConvertSignedOrFail, UTF8: cbor.UTF8DecodeInvalid,
		MaxNestedLevels: math.MaxUint16, MaxArrayElements: math.MaxInt32, MaxMapPairs: math.MaxInt32,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return packer, unpacker
}

// Pack writes a value of structs and JSON-shaped objects in few bytes that are fast to read. Unpack gives an equal value.
func Pack(v any) ([]byte, error) { return packer.Marshal(v) }

// Unpack reads what Pack wrote into what v points to.
func Unpack(data []byte, v any) error { return unpacker.Unmarshal(data, v) }
