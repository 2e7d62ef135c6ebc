package appset

import (
	"fmt"
	"slices"
	"strconv"
)

// requirement is one thing that a selector asks of a text with a name.
type requirement struct {
	key, operator string
	values        []string
}

// selector matches what meets all that it asks; nil asks nothing.
type selector []requirement

// operators are those of a selector, and whether each takes values.
var operators = map[string]bool{"In": true, "NotIn": true, "Exists": false, "DoesNotExist": false}

// newSelector reads matchLabels and matchExpressions.
func newSelector(v any) (selector, error) {
	object, _ := v.(map[string]any)
	labels, _ := object["matchLabels"].(map[string]any)
	var s selector
	for key, value := range labels {
		s = append(s, requirement{key, "In", []string{fmt.Sprint(value)}})
	}
	expressions, _ := object["matchExpressions"].([]any)
	for _, one := range expressions {
		expression, _ := one.(map[string]any)
		r := requirement{}
		r.key, _ = expression["key"].(string)
		r.operator, _ = expression["operator"].(string)
		values, _ := expression["values"].([]any)
		for _, value := range values {
			r.values = append(r.values, fmt.Sprint(value))
		}
		takes, known := operators[r.operator]
		switch {
		case !known:
			return nil, fmt.Errorf("operator %s: want In, NotIn, Exists or DoesNotExist", strconv.Quote(r.operator))
		case takes != (len(values) > 0):
			return nil, fmt.Errorf("operator %s of %q has %d values", r.operator, r.key, len(values))
		}
		s = append(s, r)
	}
	return s, nil
}

// matches reports whether texts meet all that the selector asks.
func (s selector) matches(texts map[string]string) bool {
	for _, r := range s {
		text, has := texts[r.key]
		var met bool
		switch r.operator {
		case "In":
			met = has && slices.Contains(r.values, text)
		case "NotIn":
			met = !has || !slices.Contains(r.values, text)
		case "Exists":
			met = has
		default:
			met = !has
		}
		if !met {
			return false
		}
	}
	return true
}
