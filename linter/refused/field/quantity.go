package field

import (
	"regexp"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/generator/record"
)

// longExponent is one that no quantity has: to read it as a number takes time and memory without end.
var longExponent = regexp.MustCompile(`^[+-]?[0-9.]+[eE][+-]?[0-9]{4}`)

// readQuantity reads a quantity. The error says that it is none; ok is false, too, where another type stands there.
func readQuantity(n *Node) (q resource.Quantity, ok bool, err error) {
	var text string
	switch value := n.Value.(type) {
	case string:
		text = value
	case int64:
		text = strconv.FormatInt(value, 10)
	case float64:
		text = strconv.FormatFloat(value, 'g', -1, 64)
	default:
		return q, false, nil
	}
	if longExponent.MatchString(text) {
		return q, false, resource.ErrFormatWrong
	}
	q, err = resource.ParseQuantity(text)
	return q, err == nil, err
}

// QuantityOf reads a quantity, and refuses what is none.
func QuantityOf(n *Node) (q resource.Quantity, ok bool) {
	q, ok, err := readQuantity(n)
	if err != nil && !(n.object.Recorded && n.Value == record.Left) {
		n.Refuse("Write a number with a unit that Kubernetes knows: 500m, 128Mi, 2.", "%s is no quantity", n.Shown())
	}
	return q, ok
}

// ReadQuantity reads a quantity, and leaves what is none to others.
func ReadQuantity(n *Node) (q resource.Quantity, ok bool) {
	q, ok, _ = readQuantity(n)
	return q, ok
}

// Quantity judges one that may not be negative.
func Quantity(n *Node) {
	if q, ok := QuantityOf(n); ok && q.Sign() < 0 {
		n.Refuse("Write 0 or more.", "%s is negative", n.Shown())
	}
}

// Positive judges a quantity that is more than nothing.
func Positive(n *Node) {
	if q, ok := QuantityOf(n); ok && q.Sign() <= 0 {
		n.Refuse("Write more than 0.", "%s is not more than 0", n.Shown())
	}
}

// Tame gives a text that others may read as a quantity: one whose exponent is too large gives "0".
func Tame(text string) string {
	if longExponent.MatchString(text) {
		return "0"
	}
	return text
}
