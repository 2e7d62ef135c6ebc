package field

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Filled refuses an empty text.
func Filled(n *Node) {
	if n.Value == "" {
		n.Refuse("Write a value.", "is empty")
	}
}

// Needs refuses what lacks a field, or has an empty list or text there.
func Needs(name, reason string) Check {
	return func(n *Node) {
		below := n.Get(name)
		list, isList := below.Value.([]any)
		if n.isObject() && (below.Value == nil || below.Value == "" || isList && len(list) == 0) {
			n.Refuse("Set "+name+".", "%s is not set%s", name, reason)
		}
	}
}

// AtLeast judges integers that have a lower bound.
func AtLeast(least int64) Check { return Between(least, math.MaxInt64) }

// Between judges integers by their range.
func Between(least, most int64) Check {
	return func(n *Node) {
		number, ok := n.Number()
		switch {
		case !ok || least <= number && number <= most:
		case most == math.MaxInt64:
			n.Refuse(fmt.Sprintf("Write %d or more.", least), "got %d, want at least %d", number, least)
		default:
			n.Refuse(fmt.Sprintf("Write a number from %d to %d.", least, most), "got %d, want %d to %d", number, least, most)
		}
	}
}

// What numbers mean: a port, one by its number or name, the ID of a user or group, the mode of a file.
var (
	Port       = Between(1, math.MaxUint16)
	PortOrName = All(Port, PortName.Is, Filled)
	IDs        = Between(0, math.MaxInt32)
	Mode       = Between(0, 0o777)
)

// OneOf judges texts of which the schema does not say which there are.
func OneOf(values ...string) Check {
	return func(n *Node) {
		if text, ok := n.Value.(string); ok && !slices.Contains(values, text) {
			quoted := make([]string, len(values))
			for i, value := range values {
				quoted[i] = strconv.Quote(value)
			}
			n.Refuse("Write one of the values that there are.", "got %q, want %s", text, wording.Either(quoted))
		}
	}
}

// Exclusive refuses more than one field of several, at those after the first.
func Exclusive(fields ...string) Check {
	return func(n *Node) {
		set := n.Those(fields)
		for _, name := range set[min(1, len(set)):] {
			n.Get(name).RefuseName("Leave one of them.", "%s is set too, and one of them at most may be", set[0])
		}
	}
}

// One refuses none of several fields, and more than one.
func One(fields ...string) Check {
	several := Exclusive(fields...)
	return func(n *Node) {
		if several(n); n.isObject() && len(n.Those(fields)) == 0 {
			n.Refuse("Set one of them.", "none of %s is set", wording.All(fields))
		}
	}
}

// Distinct refuses items of a list that have the same value in all of some fields. Items that lack one are not compared.
func Distinct(fields ...string) Check {
	return func(n *Node) { Differ(n.Items(), fields...) }
}

// Differ refuses those of some items of a list as Distinct does.
func Differ(items []*Node, fields ...string) {
	first := map[string]*Node{}
	for _, item := range items {
		var values []any
		for _, name := range fields {
			values = append(values, item.Get(name).Value)
		}
		key := fmt.Sprintf("%q", values)
		switch before := first[key]; {
		case slices.Contains(values, nil) || slices.Contains(values, ""):
		case before == nil:
			first[key] = item
		default:
			item.Get(fields[0]).Refuse("Write another one, or leave one of them out.", "%s is what %s has, too", item.Get(fields[0]).Shown(), before.Path())
		}
	}
}

// Share judges a number that is not negative, or a percentage.
func Share(n *Node) {
	AtLeast(0)(n)
	if text, ok := n.Value.(string); ok && len(validation.IsValidPercent(text)) > 0 {
		n.Refuse(`Write a number, or a percentage like "25%".`, "%q is no percentage", text)
	}
}

// Part judges a share of a whole.
func Part(n *Node) {
	Share(n)
	if percent, ok := strings.CutSuffix(n.Text(), "%"); ok {
		if number, err := strconv.Atoi(percent); err == nil && number > 100 {
			n.Refuse("Write 100% at most.", "%q is more than the whole", n.Text())
		}
	}
}

// IsNone reports whether a share is 0 or "0%".
func IsNone(n *Node) bool {
	percent, isPercent := strings.CutSuffix(n.Text(), "%")
	number, err := strconv.Atoi(percent)
	return n.Value == int64(0) || isPercent && err == nil && number == 0
}

// Below judges a path that may not lead out of its folder.
func Below(n *Node) {
	text := n.Text()
	switch {
	case strings.HasPrefix(text, "/"):
		n.Refuse("Write a relative path.", "%q is absolute", text)
	case slices.Contains(strings.Split(text, "/"), ".."):
		n.Refuse(`Write a path without "..".`, "%q leads out of its folder", text)
	}
}

// strictAddresses is the version that takes no address in an unusual form any more, as 010.0.0.1 or 10.0.0.1/8.
const strictAddresses = "1.36"

// Address judges an IP address.
func Address(n *Node) {
	if text := n.Text(); text != "" && len(validation.IsValidIPForLegacyField(nil, text, n.Since(strictAddresses), nil)) > 0 {
		n.Refuse("Write an IPv4 or IPv6 address in its usual form.", "%q is no IP address", text)
	}
}

// Network judges a network in CIDR notation.
func Network(n *Node) {
	if text := n.Text(); text != "" && len(validation.IsValidCIDRForLegacyField(nil, text, n.Since(strictAddresses), nil)) > 0 {
		n.Refuse("Write the first address of a network and its length, like 10.0.0.0/8.", "%q is no network", text)
	}
}
