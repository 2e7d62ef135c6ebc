package verdict

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// encode writes an object for kubeconform, as YAML of one form: blocks, with strings in double quotes. It reads that in two thirds of
// the time that JSON takes.
func encode(object map[string]any) ([]byte, error) { return appendFields(nil, object, 0) }

// appendFields writes the fields of an object, each on a line of its own.
func appendFields(b []byte, object map[string]any, indent int) (_ []byte, err error) {
	for name, v := range object {
		b = appendIndent(b, indent)
		if len(name) > longestKey {
			b = append(b, "? "...)
		}
		b = strconv.AppendQuoteToASCII(b, name)
		if len(name) > longestKey {
			b = appendIndent(append(b, '\n'), indent)
		}
		b = append(b, ':')
		if b, err = appendValue(b, v, indent+1); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// longestKey is how many bytes a key may have that is not marked as one; escaped, they are at most 1,024.
const longestKey = 200

func appendIndent(b []byte, indent int) []byte {
	for range indent {
		b = append(b, ' ')
	}
	return b
}

// appendValue writes a value behind its name or its mark, to the end of the line.
func appendValue(b []byte, v any, indent int) (_ []byte, err error) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return append(b, " {}\n"...), nil
		}
		return appendFields(append(b, '\n'), v, indent)
	case []any:
		if len(v) == 0 {
			return append(b, " []\n"...), nil
		}
		b = append(b, '\n')
		for _, item := range v {
			b = append(appendIndent(b, indent), '-')
			if b, err = appendValue(b, item, indent+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	case string:
		b = strconv.AppendQuoteToASCII(append(b, ' '), v)
	case int64:
		b = strconv.AppendInt(append(b, ' '), v, 10)
	case nil, bool, float64:
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		b = append(append(b, ' '), text...)
	default:
		return nil, fmt.Errorf("value of type %T", v)
	}
	return append(b, '\n'), nil
}
